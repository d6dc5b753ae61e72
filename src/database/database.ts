import type { Pool } from "pg";

/** An open database: PostgreSQL, or the embedded one that speaks the same protocol. */
export interface Database {
  readonly kind: "postgresql" | "embedded";
  /** For everything of ours. Embedded, it holds one connection: never ask it for a second while holding the first. */
  readonly pool: Pool;
  /** For the job queue, whose tables lie in a schema of their own. */
  readonly queuePool: Pool;
  /** Brings the schema up to this build's, and returns the names of what it applied. Throws with a sentence when it cannot. */
  migrate(): Promise<readonly string[]>;
  /** Rejects with the reason when the database does not answer within five seconds, or takes nothing down. */
  ping(): Promise<void>;
  /** Ends the connections. Whatever borrowed one should have given it back; it is not waited for long. */
  close(): Promise<void>;
}
