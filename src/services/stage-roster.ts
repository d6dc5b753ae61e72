import { type IdSet, idSet } from "../domain/id-set.ts";
import type { PersonUid } from "../domain/ids.ts";
import { mergeRow, type RosterPerson, samePost } from "../domain/roster-merge.ts";
import { type PersonRow, readPerson } from "../domain/roster-person.ts";
import type { TreeChange } from "../domain/roster-tree.ts";
import type { RosterChange } from "../ports/store/roster-store.ts";
import type { TableRow } from "../ports/table.ts";
import { comparePerson } from "./compare-person.ts";
import { eachRows, type Tables } from "./each-rows.ts";
import { findLeavers, type Leavers } from "./find-leavers.ts";
import type { Hold } from "./import-hold.ts";
import type { ImportParts } from "./import-parts.ts";
import { onRecord, type Roster } from "./read-roster.ts";

/** What an import does, or would do. */
export interface Counts {
  readonly units: { readonly added: number; readonly changed: number; readonly same: number };
  readonly people: { added: number; changed: number; same: number };
  readonly posts: { added: number; same: number; ended: number };
}

export interface Staged {
  readonly counts: Counts;
  readonly leavers: Leavers;
}

interface Staging extends Tables {
  readonly parts: ImportParts;
  readonly hold: Hold;
  readonly roster: Roster;
  /** The offices on record that the files name. */
  readonly kept: IdSet;
}

const PEOPLE_AT_ONCE = 500;

const treeChanges = ({ added, changed, moved }: TreeChange): readonly RosterChange[] => {
  const whole = [...added, ...changed].map((unit): RosterChange => ({ kind: "unit", unit }));
  const renumbered = new Set(changed.map(({ code }) => code));
  const places = moved
    .filter(({ code }) => !renumbered.has(code))
    .map(({ code, lft, rgt, depth }): RosterChange => ({ kind: "place", code, lft, rgt, depth }));
  return [...whole, ...places];
};

interface Merged {
  readonly person: RosterPerson;
  readonly uid: PersonUid | null;
}

/** Puts the rows of each person together; a person is handed on with their last row. Null when the rows are not those that were read before. */
const merging = ({ people }: Roster) => {
  const begun = new Map<number, RosterPerson>();
  const left = people.rowsOf.slice();
  let next = 0;
  return (row: PersonRow): { readonly done: Merged | null } | null => {
    const number = people.personOf[next++];
    if (number === undefined) return null;
    const person = mergeRow(begun.get(number), row);
    left[number] = (left[number] ?? 0) - 1;
    if (left[number] > 0) {
      begun.set(number, person);
      return { done: null };
    }
    begun.delete(number);
    return { done: { person, uid: onRecord(people, number) } };
  };
};

const count = (counts: Counts, { person }: Merged, changes: readonly RosterChange[]): void => {
  const posts = changes.filter(({ kind }) => kind === "post").length;
  counts.posts.added += posts;
  counts.posts.same += person.posts.length - posts;
  if (changes.some(({ kind }) => kind === "newcomer")) counts.people.added += 1;
  else if (changes.length > 0) counts.people.changed += 1;
  else counts.people.same += 1;
};

/** False when another import took over. */
const comparePeople = async (
  { parts, hold, kept }: Staging,
  people: readonly Merged[],
  counts: Counts,
): Promise<boolean> => {
  const known = await parts.roster.people(people.flatMap(({ uid }) => uid ?? []));
  const stored = new Map(known.map((each) => [each.uid, each]));
  const changes = people.map((merged) => {
    const found = merged.uid && stored.get(merged.uid);
    const needed = comparePerson(parts, merged.person, found ?? null);
    for (const post of found ? found.posts : [])
      if (merged.person.posts.some((named) => samePost(named, post))) kept.add(post.id);
    count(counts, merged, needed);
    return needed;
  });
  return hold.add(changes.flat());
};

/** What a row says now; null when it is not the row that was read before. */
const readAgain = (file: string, { line, cells }: TableRow): PersonRow | null => {
  const read = readPerson({ file, line }, cells, () => true);
  return read.kind === "person" ? read.person : null;
};

const stagePeople = async (staging: Staging, counts: Counts): Promise<"staged" | "changed" | "lost"> => {
  const merge = merging(staging.roster);
  const ready: Merged[] = [];
  let outcome: "staged" | "changed" | "lost" = "staged";
  const flush = async (atLeast: number): Promise<void> => {
    while (outcome === "staged" && ready.length >= atLeast && ready.length > 0)
      if (!(await comparePeople(staging, ready.splice(0, PEOPLE_AT_ONCE), counts))) outcome = "lost";
  };
  const changed = (): void => {
    outcome = "changed";
  };
  const onRows = (rows: number): boolean => outcome === "staged" && staging.onRows(rows);
  const blame = (problems: readonly unknown[]): void => {
    if (problems.length > 0) changed();
  };
  const done = await eachRows({ tables: staging.tables, onRows }, "people", blame, async (file, rows) => {
    for (const row of rows) {
      const person = readAgain(file, row);
      const merged = person && merge(person);
      if (!merged) changed();
      else if (merged.done) ready.push(merged.done);
    }
    await flush(PEOPLE_AT_ONCE);
  });
  await flush(0);
  return done || outcome !== "staged" ? outcome : "lost";
};

/**
 * Compares everything with what is on record and puts aside what is to change. The files are read a second time, for
 * they may be larger than memory: "changed" when they are not what they were.
 */
export const stageRoster = async (given: Omit<Staging, "kept">): Promise<Staged | "changed" | "lost"> => {
  const staging = { ...given, kept: idSet() };
  const { tree, reach } = staging.roster;
  const counts: Counts = {
    units: { added: tree.added.length, changed: tree.changed.length, same: tree.same },
    people: { added: 0, changed: 0, same: 0 },
    posts: { added: 0, same: 0, ended: 0 },
  };
  if (!(await staging.hold.add(treeChanges(tree)))) return "lost";
  const outcome = await stagePeople(staging, counts);
  if (outcome !== "staged") return outcome;
  const leavers = await findLeavers(staging.parts.roster, staging.kept, reach);
  counts.posts.ended = leavers.ended.length;
  const ended = leavers.ended.map(({ id, unit }): RosterChange => ({ kind: "ended", post: id, unit }));
  return (await staging.hold.add(ended)) ? { counts, leavers } : "lost";
};
