import type { Log } from "../ports/log.ts";
import type { Database } from "./database.ts";
import { openEmbedded } from "./embedded.ts";
import { openPostgres } from "./postgres.ts";

export interface DatabaseOptions {
  /** A PostgreSQL address; null for the embedded database. */
  readonly url: string | null;
  /** Where the embedded database lives. */
  readonly dataDir: string;
  readonly log: Log;
  /** The embedded database is gone and everything asked of it has failed: say this line and end the process. */
  readonly onDeath: (why: string) => void;
}

/** Opens the database and proves that it answers; rejects with one sentence when it does not. Nothing is migrated yet. */
export const openDatabase = (options: DatabaseOptions): Promise<Database> =>
  options.url === null ? openEmbedded(options) : openPostgres(options.url, options.log);
