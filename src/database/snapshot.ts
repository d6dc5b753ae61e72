import { randomBytes } from "node:crypto";
import type { ClientBase, Pool, PoolClient } from "pg";
import type { BackupColumn, SequenceMark } from "../domain/backup.ts";
import type { Snapshot, SnapshotTable, TakeSnapshot, TextRow } from "../ports/backup.ts";
import type { Database } from "./database.ts";
import { applied } from "./migrate.ts";

/** What is of no use elsewhere or later: links and sessions end with a restore, an import begins anew, and who does what how fast is of this moment. */
const LEFT_OUT = [
  "_prisma_migrations",
  "web_link",
  "web_session",
  "import_run",
  "staged_row",
  "stranger_try",
  "service_process",
  "platform_pause",
  "pace",
  "lease",
];
/** The demo's clock belongs to the place where the demo runs. */
const ONLY: Readonly<Record<string, string>> = { setting: `WHERE "key" <> 'demo-clock'` };
const PAGE = 1_000;

/** Values exactly as the database would read them again, however the server is set up. */
const PLAIN = `SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO'; SET LOCAL IntervalStyle = 'postgres';
  SET LOCAL bytea_output = 'hex'; SET LOCAL extra_float_digits = 3`;

const AS_WRITTEN = { getTypeParser: () => (value: string) => value };

type Queries = Pick<ClientBase | Pool, "query">;
type Listed = Omit<SnapshotTable, "pages">;

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** The tables of ours and their columns; what an extension has brought is not ours. */
const tablesOf = async (session: ClientBase): Promise<readonly Listed[]> => {
  const { rows } = await session.query<{ name: string; columns: BackupColumn[] }>(
    `SELECT c.relname AS "name",
            json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod)) ORDER BY a.attnum)
              AS "columns"
     FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relname <> ALL ($1)
       AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.objid = c.oid AND e.classid = 'pg_class'::regclass AND e.deptype = 'e')
     GROUP BY c.relname ORDER BY c.relname`,
    [LEFT_OUT],
  );
  const tables: Listed[] = [];
  for (const { name, columns } of rows) {
    const counted = await session.query<{ n: string }>(
      `SELECT count(*) AS n FROM public.${quoted(name)} ${ONLY[name] ?? ""}`,
    );
    tables.push({ name, columns, rows: Number(counted.rows[0]?.n) });
  }
  return tables;
};

const sequencesOf = async (session: ClientBase): Promise<readonly SequenceMark[]> => {
  const { rows } = await session.query<SequenceMark>(
    `SELECT sequencename AS "name", last_value::text AS "last" FROM pg_sequences
     WHERE schemaname = 'public' AND last_value IS NOT NULL ORDER BY sequencename`,
  );
  return rows;
};

/** Opens a cursor for each table, and names them. */
const openCursors = async (
  session: ClientBase,
  tables: readonly Listed[],
  hold: string,
): Promise<ReadonlyMap<string, string>> => {
  const run = randomBytes(6).toString("hex");
  const cursors = new Map<string, string>();
  for (const [at, { name, columns }] of tables.entries()) {
    const cursor = `backup_${run}_${at}`;
    const list = columns.map((column) => quoted(column.name)).join(", ");
    await session.query(
      `DECLARE ${cursor} NO SCROLL CURSOR ${hold} FOR SELECT ${list} FROM public.${quoted(name)} ${ONLY[name] ?? ""}`,
    );
    cursors.set(name, cursor);
  }
  return cursors;
};

async function* pagesOf(session: Queries, cursor: string): AsyncGenerator<readonly TextRow[]> {
  for (;;) {
    const text = `FETCH ${PAGE} FROM ${cursor}`;
    const { rows } = await session.query({ text, rowMode: "array", types: AS_WRITTEN });
    if (rows.length > 0) yield rows as unknown as readonly TextRow[];
    if (rows.length < PAGE) return;
  }
}

const begin = async (session: PoolClient): Promise<void> => {
  await session.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
  await session.query(PLAIN);
};

const look = async (session: ClientBase, hold: "WITH HOLD" | "") => {
  const tables = await tablesOf(session);
  const [migrations, sequences] = [await applied(session), await sequencesOf(session)];
  const cursors = await openCursors(session, tables, hold);
  const shown = (from: Queries): Omit<Snapshot, "database"> => ({
    migrations,
    sequences,
    tables: tables.map((table) => ({ ...table, pages: () => pagesOf(from, cursors.get(table.name) ?? "") })),
  });
  return { shown, names: [...cursors.values()] };
};

/** One transaction that reads and is kept open: nobody else notices it. */
const onServer = async <Done>(database: Database, work: (snapshot: Snapshot) => Promise<Done>): Promise<Done> => {
  const { client, end } = await database.session();
  try {
    await begin(client);
    const { shown } = await look(client, "");
    return await work({ database: "postgresql", ...shown(client) });
  } finally {
    await client.query("ROLLBACK").catch(() => {});
    await end();
  }
};

/**
 * The one connection is everybody's. A short transaction has the database set aside what there is (cursors that outlive
 * it), and the pages are then read in turn with what else is asked of it.
 */
const onEmbedded = async <Done>(database: Database, work: (snapshot: Snapshot) => Promise<Done>): Promise<Done> => {
  const { client, end } = await database.session();
  const setAside = async () => {
    try {
      await begin(client);
      const seen = await look(client, "WITH HOLD");
      await client.query("COMMIT");
      return seen;
    } catch (error) {
      await client.query("ROLLBACK").catch(() => {});
      throw error;
    } finally {
      await end();
    }
  };
  const { shown, names } = await setAside();
  try {
    return await work({ database: "embedded", ...shown(database.pool) });
  } finally {
    for (const name of names) await database.pool.query(`CLOSE ${name}`).catch(() => {});
  }
};

export const takeSnapshot =
  (database: Database): TakeSnapshot =>
  (work) =>
    database.kind === "embedded" ? onEmbedded(database, work) : onServer(database, work);
