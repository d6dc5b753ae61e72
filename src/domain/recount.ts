import type { EntryFacts } from "./entry-facts.ts";
import { type IdSet, idSet } from "./id-set.ts";
import type { Difference } from "./verdict.ts";

interface Told {
  /** What was owed at publication; null when no publication was told. */
  published: number | null;
  readonly fulfilled: IdSet;
  readonly excused: IdSet;
}

/** What the tables say about a notice. */
export interface Account {
  readonly number: string;
  /** What is owed or was: everything but what is excused. */
  readonly obligations: number;
  /** The ids of its fulfilled obligations, ascending. */
  readonly fulfilled: readonly bigint[];
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

/** Counts obligations from what the ledger tells, without looking at the tables. */
export const recount = (): Recount => {
  const notices = new Map<string, Told>();
  const about = (number: string): Told => {
    const told = notices.get(number) ?? { published: null, fulfilled: idSet(), excused: idSet() };
    notices.set(number, told);
    return told;
  };
  return {
    tell({ kind, subject }) {
      if (!subject.notice) return;
      const told = about(subject.notice);
      if (kind === "published") told.published = Number(subject.obligations);
      else tellObligation(told, kind, subject);
    },
    notices: () => [...notices.keys()],
    compare({ number, obligations, fulfilled }) {
      const told = notices.get(number);
      if (!told || told.published === null) return { kind: "no-publication" };
      const owed = told.published - [...told.excused.values()].length;
      if (owed !== obligations) return { kind: "obligations", ledger: owed, table: obligations };
      return firstDifference(told.fulfilled.values(), fulfilled);
    },
  };
};
