/** What a PostgreSQL tells about itself. */
export interface DatabaseFacts {
  /** As the server writes it, such as "15.18". */
  readonly version: string;
  readonly readOnly: boolean;
  /** Settings that are off and keep it from surviving a power cut. */
  readonly unsafe: readonly string[];
  readonly connections: { readonly used: number; readonly most: number };
  /** Milliseconds by which its clock is ahead of this process's; null where it answered too slowly to tell. */
  readonly aheadMs: number | null;
  /** Where it keeps its files, as far as it says so and is on this machine. */
  readonly directory: string | null;
}

/** What a Redis or Valkey tells about itself; null for what it keeps to itself. */
export interface QueueFacts {
  readonly product: "Redis" | "Valkey";
  readonly version: string;
  /** Whether it still speaks what the queue needs: Redis 6.2. */
  readonly old: boolean;
  readonly policy: string | null;
  readonly persists: boolean | null;
  /** Whether its last attempt to write to its disk failed. */
  readonly writesFail: boolean;
  /** Share of its memory that is in use, 0 to 1; null where nothing limits it. */
  readonly full: number | null;
  readonly aheadMs: number | null;
}
