import type { Role } from "./cli/shelf.ts";
import type { Terminal } from "./cli/terminal.ts";
import type { Config } from "./config.ts";
import { openDatabase } from "./database/open-database.ts";
import { refuseDemo } from "./demo-directory.ts";
import { phrase } from "./dialogue/phrase.ts";
import { openDoor } from "./door.ts";
import { holdDirectory } from "./hold-directory.ts";
import { type Installation, openInstallation } from "./installation.ts";
import type { Log } from "./ports/log.ts";
import { openChat, type StartOptions, startService } from "./service.ts";
import { stopWithin, untilAsked } from "./until-asked.ts";

/** The last line of a process whose embedded database is gone. */
const dieWith =
  (terminal: Terminal) =>
  (why: string): void => {
    terminal.err(why);
    process.exit(1);
  };

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
  const release = config.databaseUrl === null ? holdDirectory(config.dataDir) : () => {};
  if (config.databaseUrl === null) refuseDemo(config.dataDir);
  const installation = await openInstallation(config, log, { migrate: true, onDeath: dieWith(terminal) });
  const chat = await openChat(installation);
  const service = await startService(installation, chat, {
    roles,
    port: config.port,
    ...extras(installation),
  });
  const address = config.publicUrl?.origin ?? `http://${config.host}:${service.port}`;
  const closeDoor = await openDoor(installation, chat, address);
  terminal.err(terminal.say(phrase("serve.ready", { address })));
  await untilAsked();
  await stopWithin(async () => {
    await closeDoor();
    await service.stop();
    await installation.close();
    release();
  });
  return 0;
};

/** `chuanda migrate`: brings the database to the current schema. */
export const runMigrate = async (config: Config, log: Log, terminal: Terminal): Promise<number> => {
  const release = config.databaseUrl === null ? holdDirectory(config.dataDir) : () => {};
  const { databaseUrl: url, dataDir } = config;
  const database = await openDatabase({ url, dataDir, log, onDeath: dieWith(terminal) });
  try {
    const applied = await database.migrate();
    terminal.out(terminal.say(phrase("migrate.done", { count: applied.length })));
  } finally {
    await database.close();
    release();
  }
  return 0;
};
