import { fork } from "node:child_process";
import { readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Pool } from "pg";
import type { Log } from "../ports/log.ts";
import type { Database } from "./database.ts";
import { databaseFacts } from "./database-facts.ts";
import { lockDirectory } from "./directory-lock.ts";
import { startEngine } from "./engine.ts";
import { hasCluster } from "./has-cluster.ts";
import { migrate, pendingMigrations } from "./migrate.ts";
import { endWithin, hearLosses, ping } from "./pool.ts";
import { createClusterProgram } from "./programs.ts";
import { queuePoolOver } from "./queue-pool.ts";
import { wireTo } from "./wire.ts";

interface EmbeddedOptions {
  readonly dataDir: string;
  readonly log: Log;
  readonly onDeath: (why: string) => void;
}

/** Makes the cluster beside its place and moves it there when it is whole, so that a start cut short leaves nothing behind. */
const createCluster = async (home: string): Promise<void> => {
  for (const entry of readdirSync(home)) {
    if (entry.startsWith("new-")) rmSync(join(home, entry), { recursive: true, force: true });
  }
  const made = join(home, `new-${process.pid}`);
  const { file, options } = createClusterProgram();
  const child = fork(file, [made], {
    execArgv: options,
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  let complaint = "";
  child.stderr?.on("data", (text) => {
    complaint += text;
  });
  const code = await new Promise((resolve, reject) => child.once("error", reject).once("close", resolve));
  if (code !== 0) throw new Error(`The embedded database could not be made in ${home}: ${complaint.trim() || code}`);
  renameSync(made, join(home, "cluster"));
};

/** One connection for all: its owner must give it back before anybody else is served. */
const singlePool = (open: () => ReturnType<typeof wireTo>, log: Log): Pool => {
  const pool = new Pool({ max: 1, idleTimeoutMillis: 0, user: "postgres", database: "postgres", stream: open });
  return hearLosses(pool, (err) => log.warn("database-connection-lost", { err }));
};

/** PGlite in a thread behind an ordinary pool, so that SQL never blocks the service and everything else is as on a server. */
export const openEmbedded = async ({ dataDir, log, onDeath }: EmbeddedOptions): Promise<Database> => {
  const home = join(dataDir, "postgres");
  const lock = lockDirectory(home);
  if (!lock) throw new Error(`The embedded database in ${dataDir} is in use by another process.`);
  try {
    if (!hasCluster(dataDir)) await createCluster(home);
    const engine = await startEngine(join(home, "cluster"), onDeath);
    const pool = singlePool(() => wireTo(engine), log);
    const queuePool = queuePoolOver(pool);
    await pool.query("SELECT 1");
    return {
      kind: "embedded",
      pool,
      queuePool,
      migrate: () => migrate(pool, log),
      pending: () => pendingMigrations(pool),
      facts: () => databaseFacts(pool, null),
      session: async () => {
        const client = await pool.connect();
        return { client, end: async () => client.release() };
      },
      ping: () => ping(pool),
      close: async () => {
        await endWithin(pool, 5_000);
        await engine.close();
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
};
