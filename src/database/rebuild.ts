import type { PoolClient } from "pg";
import type { BackupColumn, SequenceMark } from "../domain/backup.ts";
import type { Building, FoundTable } from "../ports/backup.ts";
import type { Database } from "./database.ts";
import { applyWithin, LOCK, startHistory } from "./migrate.ts";
import { stepsWithin } from "./steps-within.ts";

/** What an installation has that nobody has put anything into yet. */
const OF_NO_ACCOUNT = new Set([
  "_prisma_migrations",
  "setting",
  "platform_pause",
  "pace",
  "lease",
  "import_run",
  "staged_row",
  "service_process",
  "inbound",
]);
/**
 * Numbers go on this far after those of the backup. Messages that were sent between the backup and the loss carry numbers
 * in their buttons; none of them may come to mean something else.
 */
const LEAP = 1_000_000_000n;

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
const list = (columns: readonly BackupColumn[]): string => columns.map(({ name }) => quoted(name)).join(", ");

/** Locks every table of the schema, so that what is counted is all there will be. */
const found = async (session: PoolClient): Promise<readonly FoundTable[]> => {
  const { rows } = await session.query<{ name: string }>(
    `SELECT relname AS "name" FROM pg_class c WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
       AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.objid = c.oid AND e.classid = 'pg_class'::regclass AND e.deptype = 'e')
     ORDER BY relname`,
  );
  const names = rows.map(({ name }) => name);
  // Without our history these are somebody else's tables, even where they are empty.
  const ours = names.includes("_prisma_migrations");
  const tables: FoundTable[] = [];
  for (const table of names.filter((name) => !OF_NO_ACCOUNT.has(name) || !ours)) {
    await session.query(`LOCK TABLE public.${quoted(table)} IN ACCESS EXCLUSIVE MODE`);
    const counted = await session.query<{ n: string }>(`SELECT count(*) AS n FROM public.${quoted(table)}`);
    const count = Number(counted.rows[0]?.n);
    if (count > 0 || !ours) tables.push({ table, rows: count });
  }
  return tables;
};

/** The empty tables, and every function of ours. Views go with their tables. */
const clear = async (session: PoolClient): Promise<void> => {
  const { rows } = await session.query<{ drop: string }>(
    `SELECT format('DROP TABLE public.%I CASCADE', c.relname) AS "drop" FROM pg_class c
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
       AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.objid = c.oid AND e.classid = 'pg_class'::regclass AND e.deptype = 'e')
     UNION ALL
     SELECT 'DROP ROUTINE ' || p.oid::regprocedure || ' CASCADE' FROM pg_proc p
     WHERE p.pronamespace = 'public'::regnamespace
       AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.objid = p.oid AND e.classid = 'pg_proc'::regclass AND e.deptype = 'e')`,
  );
  for (const { drop } of rows) await session.query(drop);
};

/** Takes the tables' ties apart and returns what ties them again: rows come table by table, in no order. */
const untie = async (session: PoolClient): Promise<readonly string[]> => {
  const { rows } = await session.query<{ table: string; name: string; tie: string }>(
    `SELECT conrelid::regclass::text AS "table", conname AS "name", pg_get_constraintdef(oid) AS "tie"
     FROM pg_constraint WHERE contype = 'f' AND connamespace = 'public'::regnamespace AND conparentid = 0`,
  );
  for (const { table, name } of rows) await session.query(`ALTER TABLE ${table} DROP CONSTRAINT ${quoted(name)}`);
  return rows.map(({ table, name, tie }) => `ALTER TABLE ${table} ADD CONSTRAINT ${quoted(name)} ${tie}`);
};

const load = async (
  session: PoolClient,
  table: string,
  columns: readonly BackupColumn[],
  json: string,
): Promise<number> => {
  const values = columns.map(({ type }, at) => `(r->>${at})::${type}`).join(", ");
  const { rowCount } = await session.query(
    `INSERT INTO public.${quoted(table)} (${list(columns)}) OVERRIDING SYSTEM VALUE
     SELECT ${values} FROM jsonb_array_elements($1::jsonb) AS r`,
    [json],
  );
  return rowCount ?? 0;
};

const leap = async (session: PoolClient, sequences: readonly SequenceMark[]): Promise<void> => {
  for (const { name, last } of sequences)
    await session.query("SELECT setval(format('public.%I', $1::text)::regclass, $2::bigint)", [
      name,
      String(BigInt(last) + LEAP),
    ]);
};

const building = (session: PoolClient): Building & { readonly kept: () => boolean } => {
  let ties: readonly string[] = [];
  const touched = new Set<string>();
  let kept = false;
  return {
    kept: () => kept,
    found: () => found(session),
    async begin(migrations) {
      await clear(session);
      await startHistory(session);
      await applyWithin(session, migrations);
      ties = await untie(session);
    },
    async load(table, columns, json) {
      touched.add(table);
      return load(session, table, columns, json);
    },
    async complete(sequences) {
      for (const tie of ties) await session.query(tie);
      await leap(session, sequences);
      await applyWithin(session, null);
      for (const table of touched) await session.query(`ANALYZE public.${quoted(table)}`);
    },
    async keep() {
      await session.query("COMMIT");
      kept = true;
    },
  };
};

/**
 * Lets `work` build the schema anew, in one transaction that is undone unless it is kept. `pool` asks within that
 * transaction.
 */
export const rebuild = async <Done>(
  database: Database,
  work: (building: Building, pool: ReturnType<typeof stepsWithin>) => Promise<Done>,
): Promise<Done> => {
  const { client, end } = await database.session();
  try {
    await client.query("SELECT pg_advisory_lock($1)", [LOCK]);
    await client.query("BEGIN; SET LOCAL lock_timeout = '10s'");
    const place = building(client);
    const done = await work(place, stepsWithin(database.pool, client));
    if (!place.kept()) await client.query("ROLLBACK");
    return done;
  } catch (error) {
    await client.query("ROLLBACK").catch(() => {});
    throw error;
  } finally {
    await client.query("SELECT pg_advisory_unlock($1)", [LOCK]).catch(() => {});
    await end();
  }
};

/** How many connections other processes of ours have to this database: a service that runs, or a command. */
export const othersConnected = async ({ kind, pool }: Database): Promise<number> => {
  // Nobody else can open the embedded one.
  if (kind === "embedded") return 0;
  const { rows } = await pool.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM pg_stat_activity
     WHERE datname = current_database() AND application_name IN ('chuanda', 'chuanda-queue') AND pid <> pg_backend_pid()`,
  );
  return rows[0]?.n ?? 0;
};

/** Whether this role may take the tables apart and build them anew, as their owner may. */
export const mayRebuild = async ({ pool }: Database): Promise<boolean> => {
  const { rows } = await pool.query<{ may: boolean }>(
    `SELECT has_schema_privilege('public', 'CREATE') AND NOT EXISTS (
       SELECT FROM pg_class c WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v')
         AND NOT pg_has_role(c.relowner, 'USAGE')
         AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.objid = c.oid AND e.classid = 'pg_class'::regclass AND e.deptype = 'e')
     ) AS may`,
  );
  return rows[0]?.may === true;
};
