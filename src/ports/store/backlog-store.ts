import type { Lane } from "../../domain/delivery.ts";

/** Messages of one platform, lane and state that are not done with. */
export interface OpenDeliveries {
  readonly platform: string;
  readonly lane: Lane;
  readonly state: "pending" | "sending" | "in-doubt";
  readonly count: number;
  /** Service time since when the oldest is due, or in doubt; null while it is being sent. */
  readonly oldest: Date | null;
}

/** Everything that waits to be done. */
export interface Backlog {
  readonly deliveries: readonly OpenDeliveries[];
  /** Cards to be drawn again, by platform. */
  readonly redraws: readonly { readonly platform: string; readonly count: number }[];
  /** Platforms that asked to wait, and until when (real time). */
  readonly pauses: readonly { readonly platform: string; readonly method: string; readonly until: Date }[];
  /** What people sent; `failed` were given up. `oldest` in service time. */
  readonly events: { readonly pending: number; readonly oldest: Date | null; readonly failed: number };
  /** What the ledger was told and has not signed. `oldest` in service time. */
  readonly unsealed: { readonly count: number; readonly oldest: Date | null };
}

export interface BacklogStore {
  /** One statement over partial indexes: what is done with costs nothing. */
  read(real: Date): Promise<Backlog>;
  people(): Promise<number>;
  /** Imports that were cut short and still hold their rows. */
  leftImports(real: Date): Promise<number>;
}
