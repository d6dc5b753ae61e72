import { type Place, type Problem, placeName, problem, type ReasonKind, reason } from "./problem.ts";
import {
  addRow,
  factsOf,
  type Groups,
  groupOf,
  isUnmarked,
  join,
  joinAgreeing,
  recogniseByName,
} from "./roster-groups.ts";
import type { PersonRow } from "./roster-person.ts";

/** A person who is on record already, by the text of their id. */
export type OnRecord = string;

/** Whom of those on record a row may mean. */
export interface Recognised {
  /** By phone or account, and by which column. */
  readonly surely: readonly { readonly column: string; readonly person: OnRecord }[];
  /** By name, in the same office of the same unit. */
  readonly perhaps: readonly OnRecord[];
}

/** The people of a whole roster, numbered from 0 in the order in which they first appear. */
export interface Gathered {
  readonly problems: readonly Problem[];
  /** The person of each row, rows numbered from 0 in the order in which they were added. */
  readonly personOf: Int32Array;
  /** How many rows each person has. */
  readonly rowsOf: Int32Array;
  /** Who each person is on record; null for a newcomer. */
  readonly onRecord: readonly (OnRecord | null)[];
}

interface Roster {
  readonly groups: Groups;
  readonly places: Place[];
  /** The first row with each phone, account or person on record. */
  readonly owners: Map<string, number>;
  /** The rows with one name in one office of one unit; a bare number where there is but one. */
  readonly namesakes: Map<string, number | number[]>;
  readonly problems: Problem[];
}

/** What connects a row with an earlier one. */
interface Link {
  readonly key: string;
  readonly column: string;
  readonly value: string | null;
}

const linksOf = (row: PersonRow, { surely }: Recognised): readonly Link[] => [
  ...(row.phone === null ? [] : [{ key: `phone ${row.phone}`, column: "phone", value: row.phone }]),
  ...row.accounts.map(({ platform, address }) => ({
    key: `${platform} ${address}`,
    column: platform,
    value: address,
  })),
  ...surely.map(({ column, person }) => ({ key: `record ${person}`, column, value: null })),
];

/** Why two rows that share something can still not be one person. */
const clash = ({ groups }: Roster, row: number, other: number, column: string): ReasonKind | null => {
  const [mine, theirs] = [factsOf(groups, row), factsOf(groups, other)];
  if (mine.name !== theirs.name) return column === "phone" ? "phone-of-another" : "account-of-another";
  if (mine.phone && theirs.phone && mine.phone !== theirs.phone) return "account-with-another-phone";
  return mine.onRecord && theirs.onRecord && mine.onRecord !== theirs.onRecord ? "two-on-record" : null;
};

const link = (roster: Roster, row: number, { key, column, value }: Link): void => {
  const { owners, groups, places, problems } = roster;
  const owner = owners.get(key);
  if (owner === undefined) owners.set(key, row);
  else if (groupOf(groups, owner) !== groupOf(groups, row)) {
    const why = clash(roster, row, owner, column);
    if (why === null) join(groups, row, owner);
    else {
      const other = placeName(places[owner] as Place);
      problems.push(problem(places[row] as Place, reason(why, { other }), { column, value }));
    }
  }
};

const addNamesake = ({ namesakes }: Roster, row: number, of: PersonRow): void => {
  const office = `${of.name}\n${of.unit}\n${of.deputy ? "deputy:" : ""}${of.post}`;
  const others = namesakes.get(office);
  if (others === undefined) namesakes.set(office, row);
  else if (typeof others === "number") namesakes.set(office, [others, row]);
  else others.push(row);
};

const addPerson = (roster: Roster, row: PersonRow, recognised: Recognised): void => {
  const links = linksOf(row, recognised);
  const [sure] = recognised.surely;
  const number = addRow(roster.groups, {
    name: row.name,
    phone: row.phone,
    marks: links.filter(({ key }) => !key.startsWith("record ")).map(({ key }) => key),
    onRecord: sure?.person ?? null,
    perhaps: [...recognised.perhaps],
  });
  roster.places.push(row.at);
  const another = recognised.surely.find(({ person }) => person !== sure?.person);
  if (another)
    roster.problems.push(problem(row.at, reason("two-on-record", { other: "" }), { column: another.column }));
  for (const one of links) link(roster, number, one);
  addNamesake(roster, number, row);
};

/** Decides what names decide, once all rows are in. */
const settleNames = (roster: Roster): readonly Problem[] => {
  const { groups, places, namesakes } = roster;
  const blame = (row: number, why: ReasonKind): Problem =>
    problem(places[row] as Place, reason(why), { column: "name", value: factsOf(groups, row).name });
  const unclear: Problem[] = [];
  for (const rows of namesakes.values())
    if (typeof rows !== "number" && !joinAgreeing(groups, rows))
      for (const row of rows) if (isUnmarked(factsOf(groups, row))) unclear.push(blame(row, "cannot-tell-apart"));
  return [...unclear, ...recogniseByName(groups).map((row) => blame(row, "cannot-tell-apart-on-record"))];
};

const numbered = (groups: Groups): Omit<Gathered, "problems"> => {
  const personOf = new Int32Array(groups.above.length);
  const onRecord: (OnRecord | null)[] = [];
  const rowsOf: number[] = [];
  const numbers = new Map<number, number>();
  for (let row = 0; row < personOf.length; row++) {
    const group = groupOf(groups, row);
    const number = numbers.get(group) ?? onRecord.push(factsOf(groups, group).onRecord) - 1;
    numbers.set(group, number);
    personOf[row] = number;
    rowsOf[number] = (rowsOf[number] ?? 0) + 1;
  }
  return { personOf, rowsOf: Int32Array.from(rowsOf), onRecord };
};

/**
 * Finds out which rows are the same person: those that share a phone or an account, and else those with the same name in
 * the same office of the same unit, unless phones or accounts tell them apart. Keeps some hundred bytes a row.
 */
export const gatherPeople = () => {
  const roster: Roster = {
    groups: { above: [], known: [] },
    places: [],
    owners: new Map(),
    namesakes: new Map(),
    problems: [],
  };
  return {
    add: (row: PersonRow, recognised: Recognised): void => addPerson(roster, row, recognised),
    settle(): Gathered {
      const unclear = settleNames(roster);
      return { problems: [...roster.problems, ...unclear], ...numbered(roster.groups) };
    },
  };
};
