import type { PersonUid } from "../domain/ids.ts";
import { type Problem, problem, reason } from "../domain/problem.ts";
import { type ProblemList, problemGatherer } from "../domain/problem-list.ts";
import { type Gathered, gatherPeople, type Recognised } from "../domain/roster-identity.ts";
import { type PersonRow, readPerson } from "../domain/roster-person.ts";
import { codesWithin } from "../domain/roster-scope.ts";
import { planTree, type TreeChange } from "../domain/roster-tree.ts";
import { readUnit, type UnitRow } from "../domain/roster-unit.ts";
import type { Keys } from "../ports/keys.ts";
import type { Match, RosterStore, Sought } from "../ports/store/roster-store.ts";
import type { Table } from "../ports/table.ts";
import { eachRows, type Tables } from "./each-rows.ts";
import type { Reach } from "./find-leavers.ts";

/** More than this nobody reads at once. */
const MOST_PROBLEMS = 50;

/** What the files say, compared with what is on record. */
export interface Roster {
  readonly tree: TreeChange;
  readonly people: Gathered;
  readonly reach: Reach;
}

/** Why it cannot be taken that the files name everybody in this unit and below. */
export interface WrongScope {
  readonly kind: "unknown-scope" | "nobody-in-scope";
  readonly code: string;
}

interface Reading extends Tables {
  readonly roster: RosterStore;
  readonly keys: Keys;
  /** The units of which, with all below them, the files name everybody. */
  readonly complete: readonly string[];
}

type Problems = ReturnType<typeof problemGatherer>;

/** Null when it was ended. */
const readUnits = async (reading: Reading, problems: Problems) => {
  const rows: UnitRow[] = [];
  const broken = new Set<string>();
  const done = await eachRows(reading, "units", problems.add, (file, part) => {
    for (const { line, cells } of part) {
      const read = readUnit({ file, line }, cells);
      if (read.kind === "unit") rows.push(read.unit);
      else {
        problems.add(read.problems);
        if (read.code !== null) broken.add(read.code);
      }
    }
  });
  if (!done) return null;
  const stored = await reading.roster.units();
  const plan = planTree(stored, rows, broken);
  problems.add(plan.problems);
  const parents = new Map([...stored, ...rows].map(({ code, parent }) => [code, parent]));
  return { tree: plan.change, codes: new Set([...parents.keys(), ...broken]), parents };
};

const soughtOf = (keys: Keys, { name, phone, accounts, unit, post, deputy }: PersonRow): Sought => ({
  unit,
  post,
  deputy,
  name: keys.indexes("name", name),
  phone: phone === null ? [] : keys.indexes("phone", phone),
  accounts: accounts.map(({ platform, address }) => ({ platform, address: keys.indexes("address", address) })),
});

const byRow = (rows: number, matches: readonly Match[]): readonly (readonly Match[])[] => {
  const of: Match[][] = Array.from({ length: rows }, () => []);
  for (const match of matches) of[match.row]?.push(match);
  return of;
};

const recognised = (matches: readonly Match[]): Recognised => ({
  surely: matches.filter(({ by }) => by !== "name").map(({ by, uid }) => ({ column: by, person: uid })),
  perhaps: matches.filter(({ by }) => by === "name").map(({ uid }) => uid),
});

/** Null when it was ended. */
const readPeople = async (
  reading: Reading,
  codes: ReadonlySet<string>,
  problems: Problems,
): Promise<{ readonly people: Gathered; readonly covered: ReadonlySet<string> } | null> => {
  const { keys, roster } = reading;
  const people = gatherPeople();
  const covered = new Set<string>();
  const done = await eachRows(reading, "people", problems.add, async (file, part) => {
    const read = part.map(({ line, cells }) => readPerson({ file, line }, cells, (code) => codes.has(code)));
    problems.add(read.flatMap((each) => (each.kind === "wrong" ? each.problems : [])));
    const rows = read.flatMap((each) => (each.kind === "person" ? [each.person] : []));
    const matches = byRow(rows.length, await roster.find(rows.map((row) => soughtOf(keys, row))));
    rows.forEach((row, at) => {
      people.add(row, recognised(matches[at] ?? []));
      covered.add(row.unit);
    });
  });
  if (!done) return null;
  const gathered = people.settle();
  problems.add(gathered.problems);
  return { people: gathered, covered };
};

/** A file of somewhere else would otherwise end everybody's office. */
const wrongScope = (
  tops: readonly string[],
  parents: ReadonlyMap<string, string | null>,
  covered: ReadonlySet<string>,
): WrongScope | null => {
  const unknown = tops.find((code) => !parents.has(code));
  if (unknown !== undefined) return { kind: "unknown-scope", code: unknown };
  const names = (top: string): boolean => {
    const inside = codesWithin(parents, [top]);
    return [...covered].some((code) => inside.has(code));
  };
  const empty = tops.find((top) => !names(top));
  return empty === undefined ? null : { kind: "nobody-in-scope", code: empty };
};

const changedFiles = async (tables: readonly Table[]): Promise<readonly Problem[]> => {
  const unchanged = await Promise.all(tables.map((table) => table.isUnchanged()));
  return tables
    .filter((_, at) => !unchanged[at])
    .map(({ file }) => problem({ file, line: null }, reason("file-changed")));
};

/** Reads everything once, units first, and finds out who is meant. Null when it was ended. */
export const readRoster = async (reading: Reading): Promise<Roster | WrongScope | ProblemList | null> => {
  const problems = problemGatherer(reading.tables.map(({ file }) => file));
  const units = await readUnits(reading, problems);
  const read = units && (await readPeople(reading, units.codes, problems));
  if (!read) return null;
  problems.add(await changedFiles(reading.tables));
  if (!problems.isEmpty() || !units.tree) return problems.list(MOST_PROBLEMS);
  const { people, covered } = read;
  const wrong = wrongScope(reading.complete, units.parents, covered);
  if (wrong) return wrong;
  return { tree: units.tree, people, reach: { covered, complete: codesWithin(units.parents, reading.complete) } };
};

/** The person on record, or null for a newcomer. */
export const onRecord = (people: Gathered, person: number): PersonUid | null =>
  people.onRecord[person] as PersonUid | null;
