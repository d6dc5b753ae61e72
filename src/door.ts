import { carryOut } from "./cli/carry-out.ts";
import { openControlDoor } from "./cli/control-door.ts";
import type { Terminal } from "./cli/terminal.ts";
import type { Installation } from "./installation.ts";
import type { Chat } from "./service.ts";
import { openToolbox } from "./toolbox.ts";

/** In the embedded form, carries out commands for this user's other processes: nobody else can open the database. */
export const openDoor = async (
  installation: Installation,
  chat: Chat,
  address: string,
): Promise<() => Promise<void>> => {
  const { config, database, log } = installation;
  if (database.kind !== "embedded") return async () => {};
  const tools = openToolbox(installation, address);
  return openControlDoor(
    config.dataDir,
    ({ invocation, locale, width }, answer) => {
      const terminal: Terminal = {
        width,
        out: (line) => answer({ out: line }),
        err: (line) => answer({ err: line }),
        progress: (progress) => answer({ progress }),
        say: (words) => chat.say(words, locale),
      };
      return carryOut(tools, invocation, terminal);
    },
    log,
  );
};
