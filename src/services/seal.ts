import type { Clock } from "../ports/clock.ts";
import type { Ledger } from "../ports/ledger.ts";
import type { LedgerStore } from "../ports/store/ledger-store.ts";

/** Bounds the time that one transaction takes. */
const BATCH = 5_000;

export interface SealParts {
  readonly ledgerStore: LedgerStore;
  readonly ledger: Ledger;
  readonly clock: Clock;
}

/**
 * Seals what waits for the ledger, one batch of it; returns how many entries that were. Any process may call it at any time.
 * Throws when the last head was not signed with our key: nothing is sealed after a head that was tampered with.
 */
export const seal = ({ ledgerStore, ledger, clock }: SealParts): Promise<number> =>
  ledgerStore.seal(BATCH, clock.now(), ledger.seal);
