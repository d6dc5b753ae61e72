import { Pool, type PoolConfig } from "pg";
import type { Log } from "../ports/log.ts";
import type { Database } from "./database.ts";
import { databaseFacts } from "./database-facts.ts";
import { migrate, pendingMigrations } from "./migrate.ts";
import { NoAnswer } from "./no-answer.ts";
import { endWithin, hearLosses, ping } from "./pool.ts";

const OLDEST = 15;

/** Nobody waits for ever at a server that has vanished: the server gives up first, then the client. */
const PATIENCE: PoolConfig = {
  connectionTimeoutMillis: 10_000,
  statement_timeout: 110_000,
  query_timeout: 120_000,
  // What a process that was stopped in the middle holds, everybody else waits for.
  idle_in_transaction_session_timeout: 20_000,
  keepAlive: true,
  keepAliveInitialDelayMillis: 10_000,
};

/** A migration, a backup or a restore may take as long as it takes. */
const NO_HURRY: PoolConfig = { connectionTimeoutMillis: 10_000, keepAlive: true, max: 1 };

/** What the address itself asks of the session stays; a connection string would otherwise win over options given beside it. */
const dressed = (url: string, options: string): string => {
  const at = new URL(url);
  at.searchParams.set("options", [at.searchParams.get("options"), options].filter(Boolean).join(" "));
  return at.href;
};

const refuseOld = async (pool: Pool, url: string): Promise<void> => {
  const { rows } = await pool
    .query<{ number: string; name: string }>(
      "SELECT current_setting('server_version_num') AS number, current_setting('server_version') AS name",
    )
    .catch((error: Error & { code?: string }) => {
      throw new NoAnswer(new URL(url).host, error);
    });
  if (Math.floor(Number(rows[0]?.number) / 10_000) < OLDEST) {
    throw new Error(`PostgreSQL ${OLDEST} or newer is needed, and this server is ${rows[0]?.name}.`);
  }
};

export const openPostgres = async (url: string, log: Log): Promise<Database> => {
  const openPool = (application: string, options: string, config: PoolConfig): Pool => {
    const pool = new Pool({
      ...config,
      connectionString: dressed(url, options),
      application_name: application,
    });
    return hearLosses(pool, (err) => log.warn("database-connection-lost", { application, err }));
  };
  const pool = openPool("chuanda", "-c TimeZone=UTC", { ...PATIENCE, max: 10 });
  // One connection of it listens for jobs; the jobs of one process never need more than a few of the rest.
  const queuePool = openPool("chuanda-queue", "-c TimeZone=UTC -c search_path=bullmq", { ...PATIENCE, max: 5 });
  try {
    await refuseOld(pool, url);
  } catch (error) {
    await Promise.all([pool.end(), queuePool.end()]);
    throw error;
  }
  return {
    kind: "postgresql",
    pool,
    queuePool,
    migrate: async () => {
      const patient = openPool("chuanda-migrate", "-c TimeZone=UTC", NO_HURRY);
      try {
        return await migrate(patient, log);
      } finally {
        await patient.end();
      }
    },
    pending: () => pendingMigrations(pool),
    facts: () => databaseFacts(pool, url),
    session: async () => {
      const patient = openPool("chuanda-session", "-c TimeZone=UTC", NO_HURRY);
      const client = await patient.connect().catch(async (error) => {
        await patient.end();
        throw error;
      });
      const end = async () => {
        client.release();
        await patient.end();
      };
      return { client, end };
    },
    ping: () => ping(pool),
    close: async () => {
      await Promise.all([endWithin(pool, 5_000), endWithin(queuePool, 5_000)]);
    },
  };
};
