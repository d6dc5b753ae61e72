import type { Role } from "./cli/shelf.ts";
import type { Terminal } from "./cli/terminal.ts";
import type { Config } from "./config.ts";
import { refuseDemo } from "./demo-directory.ts";
import { phrase } from "./dialogue/phrase.ts";
import { openDoor } from "./door.ts";
import { endWith } from "./end-with.ts";
import { holdDirectory } from "./hold-directory.ts";
import { type Installation, openInstallation } from "./installation.ts";
import type { Log } from "./ports/log.ts";
import { openChat, type StartOptions, startService } from "./service.ts";
import { stopWithin, untilAsked } from "./until-asked.ts";

/**
 * `chuanda serve`: runs until it is asked to stop, then finishes what is in flight and returns 0. `extras` says what else
 * the service starts with.
 */
export const runServe = async (
  config: Config,
  log: Log,
  roles: readonly Role[],
  terminal: Terminal,
  extras: (installation: Installation) => Pick<StartOptions, "platforms" | "rates"> = () => ({}),
): Promise<number> => {
  for (const variable of config.looseFiles) log.warn("secret-readable-by-others", { variable, wanted: "0640" });
  const release = config.databaseUrl === null ? holdDirectory(config.dataDir) : () => {};
  if (config.databaseUrl === null) refuseDemo(config.dataDir);
  const installation = await openInstallation(config, log, { migrate: true, onDeath: endWith(terminal) });
  const chat = await openChat(installation);
  const service = await startService(installation, chat, {
    roles,
    port: config.port,
    ...extras(installation),
  });
  const address = config.publicUrl?.origin ?? `http://${config.host}:${service.port}`;
  const closeDoor = await openDoor(installation, chat, address);
  // Before it is said to be running: whoever reads that line may ask at once.
  const asked = untilAsked();
  terminal.err(terminal.say(phrase("serve.ready", { address })));
  await asked;
  await stopWithin(async () => {
    await closeDoor();
    await service.stop();
    await installation.close();
    release();
  });
  return 0;
};
