import { sameBytes } from "../domain/bytes.ts";
import type { EntryFacts } from "../domain/entry-facts.ts";
import type { EntryFault, HeadFault, Verdict } from "../domain/verdict.ts";
import type { EntryRow, HeadFacts, HeadRow, Ledger, Range } from "../ports/ledger.ts";
import type { LedgerStore } from "../ports/store/ledger-store.ts";

const PAGE = 2_000;

export interface ProveParts {
  readonly ledgerStore: LedgerStore;
  readonly ledger: Ledger;
}

/** A log that was walked from its first entry, as far as it goes. */
interface Walked {
  readonly size: bigint;
  readonly range: Range;
  readonly heads: number;
  readonly head: HeadRow | null;
}

type Fault = Extract<Verdict, { readonly kind: "broken" | "broken-head" | "diverged" }>;

const entryFault = (ledger: Ledger, expected: bigint, row: EntryRow): EntryFault | null => {
  if (row.seq !== expected) return row.seq > expected ? "missing" : "extra";
  const leaf = ledger.leaf(row.body);
  const inPlace = (candidate: EntryRow): boolean => sameBytes(ledger.mac(candidate), row.mac);
  if (sameBytes(leaf, row.leaf)) return inPlace(row) ? null : "place";
  return inPlace({ ...row, leaf }) ? "leaf" : "body";
};

const headFault = (ledger: Ledger, { size, range }: Walked, row: HeadRow): HeadFault | null => {
  const facts = ledger.readHead(row.note);
  if (!facts) return "signature";
  if (facts.size !== row.size || row.size !== size) return "size";
  const root = ledger.root(range);
  if (!sameBytes(root, row.root) || !sameBytes(root, facts.root)) return "root";
  const asStored = range.length === row.range.length && range.every((top, at) => sameBytes(top, row.range[at] ?? top));
  return asStored ? null : "range";
};

/** Checks the heads that end at this size; they come in order, so one that is smaller should not be there at all. */
const walkHeads = (parts: ProveParts, walked: Walked, heads: HeadRow[]): Walked | Fault => {
  let now = walked;
  for (let head = heads[0]; head && head.size <= now.size; head = heads[0]) {
    const why = headFault(parts.ledger, now, head);
    if (why) return { kind: "broken-head", size: head.size, why };
    now = { ...now, heads: now.heads + 1, head };
    heads.shift();
  }
  return now;
};

interface Watch {
  /** A head that was kept elsewhere. */
  readonly saved: HeadFacts | null;
  /** Is given every entry, in order. */
  readonly tell: (entry: EntryFacts) => void;
}

const walkEntry = ({ ledger }: ProveParts, walked: Walked, row: EntryRow, { saved, tell }: Watch): Walked | Fault => {
  const why = entryFault(ledger, walked.size, row);
  if (why) return { kind: "broken", at: why === "extra" ? row.seq : walked.size, why };
  const facts = ledger.readEntry(row.body);
  if (!facts) return { kind: "broken", at: row.seq, why: "unreadable" };
  tell(facts);
  const range = ledger.append(walked.range, walked.size, row.leaf);
  const size = walked.size + 1n;
  if (saved?.size === size && !sameBytes(saved.root, ledger.root(range))) return { kind: "diverged", saved: size };
  return { ...walked, size, range };
};

const walkPage = async (
  parts: ProveParts,
  from: Walked,
  page: readonly EntryRow[],
  watch: Watch,
): Promise<Walked | Fault> => {
  const heads = [...(await parts.ledgerStore.heads(from.head?.size ?? null, from.size + BigInt(page.length)))];
  let walked = walkHeads(parts, from, heads);
  for (const row of page) {
    if ("kind" in walked) break;
    walked = walkEntry(parts, walked, row, watch);
    if (!("kind" in walked)) walked = walkHeads(parts, walked, heads);
  }
  return walked;
};

/** Sealing writes entries and their head at once, so a head seen after the entries covers all of them. */
const atEnd = ({ size }: Walked, last: HeadRow | null): Fault | "complete" | "more" => {
  const signed = last?.size ?? 0n;
  if (signed > size) return "more";
  return signed < size ? { kind: "broken", at: signed, why: "unsigned" } : "complete";
};

const step = async (parts: ProveParts, walked: Walked, watch: Watch): Promise<Walked | Fault | "complete" | "more"> => {
  const page = await parts.ledgerStore.entries(walked.size === 0n ? null : walked.size - 1n, PAGE);
  return page.length > 0 ? walkPage(parts, walked, page, watch) : atEnd(walked, await parts.ledgerStore.lastHead());
};

/**
 * Walks the whole ledger in pages, proving each entry and each head on the way, while it may go on growing; or the first
 * thing that is wrong.
 */
export const proveEntries = async (parts: ProveParts, watch: Watch): Promise<Walked | Fault> => {
  let walked: Walked = { size: 0n, range: [], heads: 0, head: null };
  // A head may tell of entries that were sealed since the last page was read; they are there when it is read again.
  let readAgain = false;
  for (;;) {
    const next = await step(parts, walked, watch);
    if (next === "complete") return walked;
    if (next === "more" && readAgain) return { kind: "broken", at: walked.size, why: "missing" };
    readAgain = next === "more";
    if (next === "more") continue;
    if ("kind" in next) return next;
    walked = next;
  }
};
