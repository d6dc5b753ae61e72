import { createHash, randomUUID } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import type { ClientBase, Pool } from "pg";
import type { MigrationMark } from "../domain/backup.ts";
import type { Log } from "../ports/log.ts";

/** The key that Prisma's own schema engine locks with, so that a `prisma migrate deploy` at the same time waits too. */
export const LOCK = 72707369;

/** Prisma's table, word for word as its schema engine makes it. */
const HISTORY = `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
    "id"                    VARCHAR(36) PRIMARY KEY NOT NULL,
    "checksum"              VARCHAR(64) NOT NULL,
    "finished_at"           TIMESTAMPTZ,
    "migration_name"        VARCHAR(255) NOT NULL,
    "logs"                  TEXT,
    "rolled_back_at"        TIMESTAMPTZ,
    "started_at"            TIMESTAMPTZ NOT NULL DEFAULT now(),
    "applied_steps_count"   INTEGER NOT NULL DEFAULT 0
)`;

/** Its checksum is as Prisma counts it: SHA-256 of the file, in hex. */
interface Migration extends MigrationMark {
  readonly sql: string;
}

interface Applied {
  readonly migration_name: string;
  readonly checksum: string;
  readonly finished_at: Date | null;
}

const ours = new URL("../../prisma/migrations/", import.meta.url);

const written = (directory: URL): readonly Migration[] =>
  readdirSync(directory)
    .sort()
    .map((name) => ({ name, file: new URL(`${name}/migration.sql`, directory) }))
    .filter(({ file }) => existsSync(file))
    .map(({ name, file }) => {
      const sql = readFileSync(file, "utf8");
      return { name, sql, checksum: createHash("sha256").update(sql).digest("hex") };
    });

/** What is still to apply; throws where the database's history is not the beginning of ours. */
const outstanding = (migrations: readonly Migration[], history: readonly Applied[]): readonly Migration[] => {
  const applied = new Map(history.map((row) => [row.migration_name, row]));
  for (const { migration_name: name, finished_at } of history) {
    if (!finished_at) {
      throw new Error(`Migration ${name} stands as begun and not finished; settle it with "prisma migrate resolve".`);
    }
    if (!migrations.some((migration) => migration.name === name)) {
      throw new Error(`The database is newer than this build: it has migration ${name}. Start the newer build.`);
    }
  }
  for (const { name, checksum } of migrations) {
    const found = applied.get(name);
    if (found && found.checksum !== checksum) {
      throw new Error(`Migration ${name} was changed after this database applied it; this build does not fit it.`);
    }
  }
  return migrations.filter(({ name }) => !applied.has(name));
};

const historyOf = async (session: Pick<Pool, "query">): Promise<readonly Applied[]> => {
  const { rows } = await session.query<Applied>(
    `SELECT "migration_name", "checksum", "finished_at" FROM "_prisma_migrations"
       WHERE "rolled_back_at" IS NULL ORDER BY "started_at"`,
  );
  return rows;
};

/** The names of what is still to apply, without applying it; null for a database that was never migrated. */
export const pendingMigrations = async (pool: Pool, directory: URL = ours): Promise<readonly string[] | null> => {
  const { rows } = await pool.query(`SELECT to_regclass('public."_prisma_migrations"') IS NOT NULL AS "known"`);
  if (!rows[0]?.known) return null;
  return outstanding(written(directory), await historyOf(pool)).map(({ name }) => name);
};

const carryOut = async (session: ClientBase, { name, sql, checksum }: Migration): Promise<void> => {
  const started = await session.query<{ at: Date }>("SELECT clock_timestamp() AS at");
  await session.query(sql);
  await session.query(
    `INSERT INTO "_prisma_migrations"
       ("id", "checksum", "migration_name", "started_at", "finished_at", "applied_steps_count")
     VALUES ($1, $2, $3, $4, clock_timestamp(), 1)`,
    [randomUUID(), checksum, name, started.rows[0]?.at],
  );
};

const apply = async (session: ClientBase, migration: Migration): Promise<void> => {
  await session.query("BEGIN");
  try {
    await carryOut(session, migration);
    await session.query("COMMIT");
  } catch (error) {
    await session.query("ROLLBACK").catch(() => {});
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`Migration ${migration.name} failed and left nothing behind: ${why}`, { cause: error });
  }
};

/** The migrations of this build, in their order. */
export const known = (): readonly MigrationMark[] => written(ours).map(({ name, checksum }) => ({ name, checksum }));

/** Those that a database has, in their order. */
export const applied = async (session: ClientBase): Promise<readonly MigrationMark[]> => {
  const { rows } = await session.query<MigrationMark>(
    `SELECT "migration_name" AS "name", "checksum" FROM "_prisma_migrations"
     WHERE "rolled_back_at" IS NULL AND "finished_at" IS NOT NULL ORDER BY "migration_name"`,
  );
  return rows;
};

export const startHistory = async (session: ClientBase): Promise<void> => {
  await session.query(HISTORY);
};

/** Applies these migrations of ours, or all that are still missing, within the transaction that the session is in. */
export const applyWithin = async (session: ClientBase, names: readonly string[] | null): Promise<void> => {
  const done = new Set((await applied(session)).map(({ name }) => name));
  const wanted = (name: string): boolean => names?.includes(name) ?? true;
  for (const migration of written(ours))
    if (!done.has(migration.name) && wanted(migration.name)) await carryOut(session, migration);
};
const exists = async (session: ClientBase, table: string): Promise<boolean> =>
  (await session.query<{ there: boolean }>("SELECT to_regclass($1) IS NOT NULL AS there", [table])).rows[0]?.there ===
  true;

/** Looks before anything is changed: a role that only works with the tables may look, and may not touch the schema. */
const migrateQueue = async (session: ClientBase): Promise<void> => {
  const { assertSchemaCompatibility, LATEST_SCHEMA_VERSION, runMigrations } = await import("bullmq");
  const isThere = await exists(session, "bullmq.migration");
  if (!isThere || (await assertSchemaCompatibility(session)) < LATEST_SCHEMA_VERSION) await runMigrations(session);
};

const lock = async (session: ClientBase, log: Log): Promise<void> => {
  const { rows } = await session.query<{ free: boolean }>("SELECT pg_try_advisory_lock($1) AS free", [LOCK]);
  if (rows[0]?.free) return;
  log("migration-awaited");
  await session.query("SELECT pg_advisory_lock($1)", [LOCK]);
};

/**
 * Applies what is missing of `prisma/migrations`, each in one transaction and recorded as Prisma records it, then the
 * job queue's own. Any number of processes may do so at once. Where nothing is missing it changes nothing, so that a role
 * without the right to is enough. Returns the names it applied.
 */
export const migrate = async (pool: Pool, log: Log, directory: URL = ours): Promise<readonly string[]> => {
  const session = await pool.connect();
  try {
    await lock(session, log);
    if (!(await exists(session, "_prisma_migrations"))) await startHistory(session);
    const missing = outstanding(written(directory), await historyOf(session));
    for (const migration of missing) {
      await apply(session, migration);
      log("migration-applied", { name: migration.name });
    }
    await migrateQueue(session);
    return missing.map(({ name }) => name);
  } finally {
    await session.query("SELECT pg_advisory_unlock($1)", [LOCK]).catch(() => {});
    session.release();
  }
};
