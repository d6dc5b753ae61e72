/** What is known of one person from the rows found to be theirs so far. */
export interface GroupFacts {
  readonly name: string;
  phone: string | null;
  /** The phone and the accounts, as comparable texts that begin with their kind and a space. */
  marks: string[];
  /** Who they are on record, for certain. */
  onRecord: string | null;
  /** Who they may be on record, by name and office. */
  perhaps: string[];
}

/** Rows that grow together into people: a union-find whose every group knows the facts of its members. */
export interface Groups {
  /** The row above each one in its group; a group's first row is its own. */
  readonly above: number[];
  /** The facts of a group, at its first row. */
  readonly known: (GroupFacts | null)[];
}

/** Adds a row as a group of its own and returns its number. */
export const addRow = (groups: Groups, facts: GroupFacts): number => {
  groups.known.push(facts);
  return groups.above.push(groups.above.length) - 1;
};

/** The first row of a row's group. */
export const groupOf = ({ above }: Groups, row: number): number => {
  let top = row;
  while (above[top] !== top) {
    above[top] = above[above[top] as number] as number;
    top = above[top] as number;
  }
  return top;
};

export const factsOf = (groups: Groups, row: number): GroupFacts => groups.known[groupOf(groups, row)] as GroupFacts;

/** Appends the shorter to the longer, so that many small ones add up in linear time. */
const gathered = (one: string[], other: string[]): string[] => {
  const [long, short] = one.length < other.length ? [other, one] : [one, other];
  for (const text of short) long.push(text);
  return long;
};

export const join = (groups: Groups, row: number, other: number): void => {
  const [a, b] = [groupOf(groups, row), groupOf(groups, other)];
  if (a === b) return;
  const [low, high] = a < b ? [a, b] : [b, a];
  const [kept, given] = [groups.known[low] as GroupFacts, groups.known[high] as GroupFacts];
  kept.phone ??= given.phone;
  kept.onRecord ??= given.onRecord;
  kept.marks = gathered(kept.marks, given.marks);
  kept.perhaps = gathered(kept.perhaps, given.perhaps);
  groups.known[high] = null;
  groups.above[high] = low;
};

/** Nothing but a name and an office tells who this is. */
export const isUnmarked = ({ marks, onRecord }: GroupFacts): boolean => marks.length === 0 && onRecord === null;

const kindsOf = ({ marks }: GroupFacts): ReadonlySet<string> =>
  new Set(marks.map((mark) => mark.slice(0, mark.indexOf(" "))));

/**
 * Whether nothing says that these are different people: one name, at most one of them on record, and never two with
 * phones, or two with accounts on one platform, that are not the same.
 */
const agree = (all: readonly GroupFacts[]): boolean => {
  const kinds = all.map(kindsOf);
  const distinct = new Set(kinds.flatMap((set) => [...set]));
  const records = new Set(all.flatMap(({ onRecord }) => onRecord ?? []));
  return (
    new Set(all.map(({ name }) => name)).size === 1 &&
    records.size <= 1 &&
    kinds.reduce((sum, set) => sum + set.size, 0) === distinct.size
  );
};

/** Makes one group of these rows if nothing speaks against it; false if something does. */
export const joinAgreeing = (groups: Groups, rows: readonly number[]): boolean => {
  const tops = [...new Set(rows.map((row) => groupOf(groups, row)))];
  if (tops.length > 1 && !agree(tops.map((top) => factsOf(groups, top)))) return false;
  for (const top of tops.slice(1)) join(groups, tops[0] as number, top);
  return true;
};

/** Whom a group may be on record by name: one who is nobody else, or another group that may be the same person. */
const candidates = (groups: Groups, facts: GroupFacts, owners: ReadonlyMap<string, number>): readonly string[] =>
  [...new Set(facts.perhaps)].filter((person) => {
    const owner = owners.get(person);
    return owner === undefined || agree([facts, factsOf(groups, owner)]);
  });

/**
 * Gives each group whom only name and office connect with the record its person there, if that can be but one. Returns
 * the first rows of groups that could be several and say nothing to choose by.
 */
export const recogniseByName = (groups: Groups): readonly number[] => {
  const owners = new Map<string, number>();
  groups.known.forEach((facts, row) => {
    if (facts?.onRecord) owners.set(facts.onRecord, row);
  });
  const unsure: number[] = [];
  groups.known.forEach((facts, row) => {
    if (!facts || facts.onRecord) return;
    const [person, ...others] = candidates(groups, facts, owners);
    if (person === undefined) return;
    const owner = owners.get(person);
    if (others.length > 0) unsure.push(row);
    else if (owner !== undefined) join(groups, row, owner);
    else {
      facts.onRecord = person;
      owners.set(person, row);
    }
  });
  return unsure.filter((row) => isUnmarked(factsOf(groups, row)));
};
