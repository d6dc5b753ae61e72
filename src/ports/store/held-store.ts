import type { LedgerEvent } from "../ledger.ts";

/** What is held of one notice; without a number: short answers and lists, which belong to none. */
export interface HeldGroup {
  readonly number: string | null;
  readonly title: string | null;
  readonly urgency: string | null;
  /** False for a notice that has ended: nothing of it is sent any more. */
  readonly open: boolean;
  readonly publishedAt: Date | null;
  readonly messages: number;
}

/**
 * Messages that a restore found unsent. They may have left after the backup was taken, so they stand in doubt, and only
 * an operator sends them, or their person's answer settles them.
 */
export interface HeldStore {
  /** Puts everything unsent in doubt and holds it, and tells the ledger. Returns how many. */
  hold(now: Date, event: (held: number) => LedgerEvent): Promise<number>;
  count(): Promise<number>;
  /** The most urgent and then the latest notice first. */
  groups(): Promise<readonly HeldGroup[]>;
  /** Lets them go, those of one notice or all; those of notices that have ended are given up. */
  release(number: string | null, now: Date): Promise<{ readonly released: number; readonly dropped: number }>;
  /** Gives them up, those of one notice or all. */
  drop(number: string | null): Promise<number>;
}
