import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import type { Database } from "../../src/database/database.ts";
import { openDatabase } from "../../src/database/open-database.ts";
import { ask } from "./ask.ts";
import { testLog } from "./log.ts";
import { findPrograms } from "./programs.ts";
import type { Server } from "./server.ts";
import { type Persistence, postgresServer, redisServer } from "./servers.ts";

/** A migrated PostgreSQL database of one's own. */
export const freshPostgres = async (): Promise<{ readonly url: string; drop(): Promise<void> }> => {
  const { url, template, number } = await ask<{ url: string; template: string }>("postgres");
  const name = `${template}_${number}`;
  const administrate = async (sql: string) => {
    const client = new Client({ connectionString: url });
    await client.connect();
    await client.query(sql).finally(() => client.end());
  };
  await administrate(`CREATE DATABASE ${name} TEMPLATE ${template}`);
  const own = new URL(url);
  own.pathname = name;
  return { url: own.href, drop: () => administrate(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
};

/** A migrated embedded database of one's own, open. `drop` closes it and removes its folder. */
export const freshEmbedded = async (
  onDeath: (why: string) => void = (why) => console.error(why),
): Promise<{
  readonly database: Database;
  readonly dataDir: string;
  drop(): Promise<void>;
}> => {
  const { folder } = await ask<{ folder: string }>("embedded");
  const dataDir = mkdtempSync(join(tmpdir(), "chuanda-embedded-"));
  cpSync(folder, dataDir, { recursive: true });
  const database = await openDatabase({ url: null, dataDir, log: testLog(), onDeath });
  return {
    database,
    dataDir,
    drop: async () => {
      await database.close();
      rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 });
    },
  };
};

/** A logical database of one's own on the run's Redis. Whoever kills, restarts or flushes it all starts a server: `startRedis`. */
export const redisUrl = async (): Promise<string> => {
  const { url, number } = await ask<{ url: string }>("redis");
  return `${url}/${number}`;
};

/** A Redis of one's own, to be stopped by the test. */
export const startRedis = (how: {
  persistence: Persistence;
  options?: readonly string[];
  user?: string;
}): Promise<Server> => {
  const { redis } = findPrograms();
  if (!redis) throw new Error("There is no Redis here.");
  return redisServer(redis, how.persistence, how.options, how.user);
};

/** A PostgreSQL of one's own, not migrated, to be stopped by the test. */
export const startPostgres = (): Promise<Server> => {
  const { postgres } = findPrograms();
  if (!postgres) throw new Error("There is no PostgreSQL here.");
  return postgresServer(postgres);
};
