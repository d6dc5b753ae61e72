/** A Prisma client or a pool. */
type Database = { $executeRawUnsafe(sql: string): PromiseLike<unknown> } | { query(sql: string): Promise<unknown> };

/**
 * Removes every row of these tables and of all that refer to them, as `TRUNCATE … CASCADE` would: which for a handful of rows
 * takes ten times as long, because it makes new files for every table and index. `restart`: and counts from 1 again.
 */
const removeAll = async (database: Database, tables: readonly string[], restart: boolean): Promise<void> => {
  const names = tables.map((table) => `'"${table}"'::regclass::oid`).join(", ");
  const sql = `DO $$
    DECLARE at regclass; counter text;
    BEGIN
      PERFORM set_config('session_replication_role', 'replica', true);
      FOR at IN
        WITH RECURSIVE meant(id) AS (
          SELECT unnest(ARRAY[${names}])
          UNION SELECT c.conrelid FROM pg_constraint c JOIN meant ON c.confrelid = meant.id WHERE c.contype = 'f')
        SELECT id FROM meant
      LOOP
        EXECUTE format('DELETE FROM %s', at);
        FOR counter IN
          SELECT d.objid::regclass FROM pg_depend d JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S'
          WHERE ${restart} AND d.refobjid = at AND d.classid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
        LOOP PERFORM setval(counter, 1, false); END LOOP;
      END LOOP;
    END $$`;
  await ("query" in database ? database.query(sql) : database.$executeRawUnsafe(sql));
};

/** Removes every row of these tables and of all that refer to them; what was counted goes on to be counted. */
export const emptyTables = (database: Database, ...tables: readonly string[]): Promise<void> =>
  removeAll(database, tables, false);

/** The same, and counts from 1 again. */
export const startOver = (database: Database, ...tables: readonly string[]): Promise<void> =>
  removeAll(database, tables, true);
