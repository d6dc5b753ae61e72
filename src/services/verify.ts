import type { EntryFacts } from "../domain/entry-facts.ts";
import { recount } from "../domain/recount.ts";
import type { RestoreMark, Verdict } from "../domain/verdict.ts";
import { type ProveParts, proveEntries } from "./prove-entries.ts";
import { recountObligations } from "./recount-obligations.ts";

export interface VerifyOptions {
  /** The note of a head that was kept elsewhere. */
  readonly savedHead?: string | null;
  /** Is told after each entry how many were proven. */
  readonly progress?: (entries: number) => void;
}

/**
 * A head that was saved between a backup and the loss it mends covers entries that are in no ledger any more. That is told
 * beside what is wrong, and excuses nothing: only whoever knows of the restore can tell whether it was one.
 */
const explained = (verdict: Verdict, restores: readonly RestoreMark[]): Verdict => {
  if (verdict.kind !== "truncated" && verdict.kind !== "diverged") return verdict;
  const restored = restores.find(({ entries }) => BigInt(entries) < verdict.saved);
  return restored ? { ...verdict, restored } : verdict;
};

const restoreMark = ({ kind, at, subject }: EntryFacts): readonly RestoreMark[] =>
  kind === "restored" && /^\d{1,19}$/.test(subject.entries ?? "") ? [{ at, entries: subject.entries ?? "" }] : [];

/**
 * Proves the ledger unbroken and in agreement with the tables, or names the first thing that is not. It reads in pages and
 * holds no more than a bit for each obligation; the service may go on meanwhile.
 */
export const verify = async (parts: ProveParts, { savedHead, progress }: VerifyOptions = {}): Promise<Verdict> => {
  const saved = savedHead == null ? null : parts.ledger.readHead(savedHead);
  if (savedHead != null && !saved) return { kind: "foreign-head" };
  const counted = recount();
  const restores: RestoreMark[] = [];
  let done = 0;
  const walked = await proveEntries(parts, {
    saved,
    tell(entry) {
      counted.tell(entry);
      restores.push(...restoreMark(entry));
      done += 1;
      progress?.(done);
    },
  });
  if ("kind" in walked) return explained(walked, restores);
  if (saved && saved.size > walked.size)
    return explained({ kind: "truncated", entries: walked.size, saved: saved.size }, restores);
  const notices = await recountObligations(parts, counted, walked.size);
  if (typeof notices !== "number") return notices;
  const { size: entries, heads, head } = walked;
  const unsealed = await parts.ledgerStore.waiting();
  return { kind: "proven", entries, heads, unsealed, notices, head: head?.note ?? null };
};
