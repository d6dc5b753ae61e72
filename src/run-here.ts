import { carryOut } from "./cli/carry-out.ts";
import type { Invocation } from "./cli/invocation.ts";
import { showMigrate } from "./cli/show-migrate.ts";
import type { Station } from "./cli/terminal.ts";
import type { Config } from "./config.ts";
import { openDatabase } from "./database/open-database.ts";
import { endWith } from "./end-with.ts";
import { openInstallation } from "./installation.ts";
import type { Log } from "./ports/log.ts";
import { openToolbox } from "./toolbox.ts";

/** Carries a command out in this process, which opens the database for it. */
export const runHere = async (config: Config, log: Log, invocation: Invocation, station: Station): Promise<number> => {
  // It looks also at what cannot be opened.
  if (invocation.command === "doctor")
    return (await import("./run-doctor.ts")).runDoctor(config, log, invocation, station);
  const installation = await openInstallation(config, log, { migrate: false, onDeath: endWith(station) });
  const address = config.publicUrl?.origin ?? `http://${config.host}:${config.port}`;
  try {
    return await carryOut(openToolbox(installation, address), invocation, station);
  } finally {
    await installation.close();
  }
};

/** `chuanda migrate` in this process. */
export const migrateHere = async (config: Config, log: Log, station: Station): Promise<number> => {
  const { databaseUrl: url, dataDir } = config;
  const database = await openDatabase({ url, dataDir, log, onDeath: endWith(station) });
  try {
    return await showMigrate(database, station);
  } finally {
    await database.close();
  }
};
