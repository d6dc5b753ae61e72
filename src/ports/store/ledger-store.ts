import type { Account } from "../../domain/recount.ts";
import type { Bytes, EntryRow, HeadRow, SealedBatch, WaitingRow } from "../ledger.ts";

/** Some notices, and everything the ledger was told up to the same moment. */
export interface Accounts {
  readonly notices: readonly Account[];
  /** Where to go on from; null when there are no more. */
  readonly next: bigint | null;
  /** Bodies of the entries from the asked one on, then of those that wait to be sealed; in order. */
  readonly since: readonly Bytes[];
}

/** The ledger's rows. */
export interface LedgerStore {
  /**
   * Takes up to `limit` waiting rows, has `seal` number and sign them after the last head, and writes the result: one
   * short transaction, one at a time over all processes. `at` is service time. Returns how many were sealed; once that is
   * 0, everything committed before the call is sealed.
   */
  seal(
    limit: number,
    at: Date,
    seal: (last: HeadRow | null, waiting: readonly WaitingRow[]) => SealedBatch,
  ): Promise<number>;
  /** Entries after this number (null: from the lowest there is), ascending. */
  entries(after: bigint | null, limit: number): Promise<readonly EntryRow[]>;
  /** Leaves of entries `from` up to but without `to`, ascending; at most `limit`. */
  leaves(from: bigint, to: bigint, limit: number): Promise<readonly Bytes[]>;
  /** Heads larger than `after` (null: from the lowest there is) and at most of size `upTo`, ascending. */
  heads(after: bigint | null, upTo: bigint): Promise<readonly HeadRow[]>;
  lastHead(): Promise<HeadRow | null>;
  /** How many rows wait to be sealed. */
  waiting(): Promise<number>;
  /** Notices after this one (null: from the first), and what the ledger was told from entry `sealedFrom` on, at one moment. */
  accounts(after: bigint | null, sealedFrom: bigint): Promise<Accounts>;
}
