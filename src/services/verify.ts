import { recount } from "../domain/recount.ts";
import type { Verdict } from "../domain/verdict.ts";
import { type ProveParts, proveEntries } from "./prove-entries.ts";
import { recountObligations } from "./recount-obligations.ts";

export interface VerifyOptions {
  /** The note of a head that was kept elsewhere. */
  readonly savedHead?: string | null;
  /** Is told after each entry how many were proven. */
  readonly progress?: (entries: number) => void;
}

/**
 * Proves the ledger unbroken and in agreement with the tables, or names the first thing that is not. It reads in pages and
 * holds no more than a bit for each obligation; the service may go on meanwhile.
 */
export const verify = async (parts: ProveParts, { savedHead, progress }: VerifyOptions = {}): Promise<Verdict> => {
  const saved = savedHead == null ? null : parts.ledger.readHead(savedHead);
  if (savedHead != null && !saved) return { kind: "foreign-head" };
  const counted = recount();
  let done = 0;
  const walked = await proveEntries(parts, {
    saved,
    tell(entry) {
      counted.tell(entry);
      done += 1;
      progress?.(done);
    },
  });
  if ("kind" in walked) return walked;
  if (saved && saved.size > walked.size) return { kind: "truncated", entries: walked.size, saved: saved.size };
  const notices = await recountObligations(parts, counted, walked.size);
  if (typeof notices !== "number") return notices;
  const { size: entries, heads, head } = walked;
  const unsealed = await parts.ledgerStore.waiting();
  return { kind: "proven", entries, heads, unsealed, notices, head: head?.note ?? null };
};
