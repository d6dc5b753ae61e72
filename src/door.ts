import packageJson from "../package.json" with { type: "json" };
import { carryOut } from "./cli/carry-out.ts";
import { openControlDoor } from "./cli/control-door.ts";
import type { ControlRequest } from "./cli/control-messages.ts";
import type { Invocation } from "./cli/invocation.ts";
import { needsAlone } from "./cli/needs-alone.ts";
import { Stopped } from "./cli/stopped.ts";
import type { Station } from "./cli/terminal.ts";
import { phrase } from "./dialogue/phrase.ts";
import type { Installation } from "./installation.ts";
import type { Log } from "./ports/log.ts";
import { reasonOf } from "./reason.ts";
import type { Chat } from "./service.ts";
import { openToolbox } from "./toolbox.ts";

type Carry = (request: ControlRequest, station: Station) => Promise<number>;

const carrying =
  (installation: Installation, address: string): Carry =>
  async ({ invocation, cwd }, station) => {
    const { command } = invocation;
    if (!needsAlone(command))
      return carryOut(openToolbox(installation, address, cwd), invocation as unknown as Invocation, station);
    station.err(station.say(phrase("door.alone", { command, directory: installation.config.dataDir })));
    return 1;
  };

/** What goes wrong is told to whoever asked, and does the service no harm. */
const told =
  (carry: Carry, log: Log, isClosing: () => boolean): Carry =>
  (request, station) =>
    carry(request, station).catch((error) => {
      const isStopped = error instanceof Stopped;
      if (isStopped && !isClosing()) return error.code;
      if (!isStopped) log.warn("command-failed", { command: request.invocation.command, err: error });
      station.err(station.say(isStopped ? phrase("door.closing") : reasonOf(error)));
      return 1;
    });

/** In the embedded form, carries out commands for this user's other processes: nobody else can open the database. */
export const openDoor = async (
  installation: Installation,
  chat: Chat,
  address: string,
): Promise<() => Promise<void>> => {
  const { config, database, log } = installation;
  if (database.kind !== "embedded") return async () => {};
  let isClosing = false;
  const carry = told(carrying(installation, address), log, () => isClosing);
  const close = await openControlDoor(config.dataDir, { version: packageJson.version, log, say: chat.say, carry });
  return async () => {
    isClosing = true;
    await close();
  };
};
