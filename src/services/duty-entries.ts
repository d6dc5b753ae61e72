import type { LedgerEvent } from "../ports/ledger.ts";
import type { ExcusedObligation, HandedOver } from "../ports/store/roster-store.ts";

type Happened = Pick<LedgerEvent, "at" | "actor" | "how">;

const about = ({ notice, obligation, unit }: ExcusedObligation | HandedOver) => ({ notice, obligation, unit });

/** What the ledger is told of an obligation that nobody owes any more. */
export const excusedEntry = (happened: Happened, one: ExcusedObligation): LedgerEvent => ({
  ...{ ...happened, kind: "excused", contentHash: null },
  subject: { ...about(one), reason: one.reason },
});

/** And of one that others owe from now on. */
export const handedOverEntry = (happened: Happened, one: HandedOver): LedgerEvent => ({
  ...{ ...happened, kind: "handed-over", contentHash: null },
  subject: { ...about(one), from: one.from.join(), to: one.to.join() },
});
