import type { Pool, PoolClient } from "pg";
import type { DatabaseFacts } from "../ports/server-facts.ts";

/** An open database: PostgreSQL, or the embedded one that speaks the same protocol. */
export interface Database {
  readonly kind: "postgresql" | "embedded";
  /** For everything of ours. Embedded, it holds one connection: never ask it for a second while holding the first. */
  readonly pool: Pool;
  /** For the job queue, whose tables lie in a schema of their own. */
  readonly queuePool: Pool;
  /** Brings the schema up to this build's, and returns the names of what it applied. Throws with a sentence when it cannot. */
  migrate(): Promise<readonly string[]>;
  /** The names of what `migrate` would apply; null where it would make the tables in the first place. Throws as it does. */
  pending(): Promise<readonly string[] | null>;
  facts(): Promise<DatabaseFacts>;
  /** A connection of one's own that may take its time. Embedded, it is everybody's only one: end it soon. */
  session(): Promise<{ readonly client: PoolClient; end(): Promise<void> }>;
  /** Rejects with the reason when the database does not answer within five seconds, or takes nothing down. */
  ping(): Promise<void>;
  /** Ends the connections. Whatever borrowed one should have given it back; it is not waited for long. */
  close(): Promise<void>;
}
