import type { Pool } from "pg";
import type { DatabaseFacts } from "../ports/server-facts.ts";
import { databaseTime } from "./database-clock.ts";

interface Row {
  version: string;
  read_only: boolean;
  unsafe: string[];
  used: number;
  most: number;
}

const LOCAL = /^(localhost|127(\.\d{1,3}){3}|\[::1\]|)$/;

/** Where the server keeps its files; null where it does not say so, or they are another machine's. */
const directoryOf = async (pool: Pool, url: string | null): Promise<string | null> => {
  if (url === null || !LOCAL.test(new URL(url).hostname)) return null;
  const { rows } = await pool
    .query<{ directory: string }>("SELECT current_setting('data_directory') AS directory")
    .catch(() => ({ rows: [] }));
  return rows[0]?.directory ?? null;
};

/** What the database tells about itself; `url` is null for the embedded one. */
export const databaseFacts = async (pool: Pool, url: string | null): Promise<DatabaseFacts> => {
  const { rows } = await pool.query<Row>(`
    SELECT split_part(current_setting('server_version'), ' ', 1) AS version,
           pg_is_in_recovery() OR current_setting('default_transaction_read_only') = 'on' AS read_only,
           ARRAY(SELECT name FROM pg_settings WHERE setting = 'off'
                 AND name IN ('fsync', 'full_page_writes', 'synchronous_commit') ORDER BY name) AS unsafe,
           (SELECT count(*)::int FROM pg_stat_activity WHERE backend_type = 'client backend') AS used,
           current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int AS most`);
  const [row] = rows as [Row];
  const time = await databaseTime(pool);
  return {
    version: row.version,
    readOnly: row.read_only,
    unsafe: row.unsafe,
    connections: { used: row.used, most: row.most },
    aheadMs: time === null ? null : Math.round(time.zero - (Date.now() - performance.now())),
    directory: await directoryOf(pool, url),
  };
};
