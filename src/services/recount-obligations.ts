import type { Recount } from "../domain/recount.ts";
import type { Verdict } from "../domain/verdict.ts";
import type { ProveParts } from "./prove-entries.ts";

/**
 * Compares what the ledger told with the tables, notice by notice, while both go on changing: with each few notices comes
 * everything that the ledger was told up to the same moment. Returns the first difference, or how many notices agree.
 */
export const recountObligations = async (
  { ledgerStore, ledger }: ProveParts,
  counted: Recount,
  sealedFrom: bigint,
): Promise<number | Extract<Verdict, { readonly kind: "mismatch" }>> => {
  const unseen = new Set(counted.notices());
  let agreed = 0;
  let after: bigint | null = null;
  do {
    const { notices, next, since } = await ledgerStore.accounts(after, sealedFrom);
    for (const body of since) {
      const entry = ledger.readEntry(body);
      if (entry) counted.tell(entry);
    }
    for (const account of notices) {
      const difference = counted.compare(account);
      if (difference) return { kind: "mismatch", notice: account.number, difference };
      unseen.delete(account.number);
      agreed += 1;
    }
    after = next;
  } while (after !== null);
  const [lost] = unseen;
  return lost === undefined ? agreed : { kind: "mismatch", notice: lost, difference: { kind: "no-notice" } };
};
