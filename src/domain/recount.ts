import type { EntryFacts } from "./entry-facts.ts";
import { type IdSet, idSet } from "./id-set.ts";
import type { Difference } from "./verdict.ts";

interface Told {
  /** What was owed at publication; null when no publication was told. */
  published: number | null;
  readonly fulfilled: IdSet;
  readonly excused: IdSet;
  /** How it ended, and what was owed by nobody any more then; null while it stands. */
  ended: { readonly how: End; readonly cancelled: number } | null;
}

type End = "recalled" | "superseded";

/** What the tables say about a notice. */
export interface Account {
  readonly number: string;
  /** What is owed or was: everything but what is excused. */
  readonly obligations: number;
  /** The ids of its fulfilled obligations, ascending. */
  readonly fulfilled: readonly bigint[];
  readonly cancelled: number;
  /** The state in which it ended, or null. */
  readonly ended: End | null;
}

export interface Recount {
  /** Takes an entry, in the ledger's order. Telling the latest ones again changes nothing. */
  tell(entry: EntryFacts): void;
  /** Every notice that it was told of. */
  notices(): readonly string[];
  /** The first difference between what it was told and what the tables say; null when there is none. */
  compare(account: Account): Difference | null;
}

const firstDifference = (told: Iterable<bigint>, table: readonly bigint[]): Difference | null => {
  let at = 0;
  for (const obligation of told) {
    const other = table[at];
    if (other === undefined || other > obligation) return { kind: "only-in-ledger", obligation };
    if (other < obligation) return { kind: "only-in-table", obligation: other };
    at += 1;
  }
  const more = table[at];
  return more === undefined ? null : { kind: "only-in-table", obligation: more };
};

const ID = /^\d{1,19}$/;

/** Pairs new:old; the old ones keep what they are. */
const tellCarried = (told: Told, { obligations = "", fulfilled }: EntryFacts["subject"]): void => {
  if (fulfilled !== "yes") return;
  for (const pair of obligations.split(",")) {
    const [id = ""] = pair.split(":");
    if (ID.test(id)) told.fulfilled.add(BigInt(id));
  }
};

const tellObligation = (told: Told, kind: string, subject: EntryFacts["subject"]): void => {
  const { obligation, fulfilled, reopened } = subject;
  if (!obligation || !ID.test(obligation)) return;
  const id = BigInt(obligation);
  if (fulfilled === "yes") told.fulfilled.add(id);
  if (reopened === "yes") told.fulfilled.delete(id);
  if (kind === "excused") {
    told.fulfilled.delete(id);
    told.excused.add(id);
  }
};

const tell = (told: Told, { kind, subject }: EntryFacts): void => {
  if (kind === "published") told.published = Number(subject.obligations);
  else if (kind === "recalled" || kind === "superseded")
    told.ended = { how: kind, cancelled: Number(subject.cancelled) };
  else if (kind === "carried-over") tellCarried(told, subject);
  else tellObligation(told, kind, subject);
};

/** Whether it ended, how, and how much was still open then. */
const endDifference = ({ ended }: Told, { ended: how, cancelled }: Account): Difference | null => {
  if (!ended && how) return { kind: "over-in-table" };
  if (ended && !how) return { kind: "over-in-ledger" };
  if (ended && ended.how !== how) return { kind: "other-end" };
  const open = ended?.cancelled ?? 0;
  return open === cancelled ? null : { kind: "cancelled", ledger: open, table: cancelled };
};

/** Counts obligations from what the ledger tells, without looking at the tables. */
export const recount = (): Recount => {
  const notices = new Map<string, Told>();
  const about = (number: string): Told => {
    const told = notices.get(number) ?? { published: null, fulfilled: idSet(), excused: idSet(), ended: null };
    notices.set(number, told);
    return told;
  };
  return {
    tell(entry) {
      if (entry.subject.notice) tell(about(entry.subject.notice), entry);
    },
    notices: () => [...notices.keys()],
    compare(account) {
      const { number, obligations, fulfilled } = account;
      const told = notices.get(number);
      if (!told || told.published === null) return { kind: "no-publication" };
      const owed = told.published - [...told.excused.values()].length;
      if (owed !== obligations) return { kind: "obligations", ledger: owed, table: obligations };
      return firstDifference(told.fulfilled.values(), fulfilled) ?? endDifference(told, account);
    },
  };
};
