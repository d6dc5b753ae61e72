import { type Problem, placeName, problem, reason } from "./problem.ts";
import type { UnitRow } from "./roster-unit.ts";
import { type Branch, cyclesIn, type Placement, placeUnits } from "./tree-place.ts";
import type { UnitFacts } from "./unit.ts";

/** A unit as it is stored, its parent by code. */
export interface StoredUnit extends UnitFacts, Placement {
  readonly parent: string | null;
}

/** What an import makes of the tree. */
export interface TreeChange {
  readonly added: readonly StoredUnit[];
  /** Whose facts or parent differ from what is stored. */
  readonly changed: readonly StoredUnit[];
  /** Where every unit that exists already stands now, where that differs. */
  readonly moved: readonly StoredUnit[];
  readonly same: number;
}

/** Facts of a unit that nothing has been said about. */
const UNSAID = {
  division: null,
  industries: [],
  siteTypes: [],
  grade: null,
  watch: false,
  status: "active",
} as const satisfies Partial<UnitFacts>;

interface Node extends Branch {
  readonly row: UnitRow | null;
  readonly stored: StoredUnit | null;
}

/** Stored units overlaid with the file's; of rows with one code the first counts. */
const overlay = (stored: readonly StoredUnit[], rows: readonly UnitRow[]) => {
  const nodes = new Map<string, Node>();
  const problems: Problem[] = [];
  for (const unit of stored) nodes.set(unit.code, { code: unit.code, parent: unit.parent, row: null, stored: unit });
  for (const row of rows) {
    const before = nodes.get(row.code);
    if (before?.row) {
      const why = reason("duplicate-code", { other: placeName(before.row.at) });
      problems.push(problem(row.at, why, { column: "code", value: row.code }));
    } else nodes.set(row.code, { code: row.code, parent: row.parent, row, stored: before?.stored ?? null });
  }
  return { nodes, problems };
};

/** Every root but one: that of the tree as it is stored, or else the file's first. */
const secondRoots = (nodes: readonly Node[]): readonly Problem[] => {
  const roots = nodes.filter((node) => node.parent === null);
  const [root = null] = roots.some(({ row }) => !row) ? roots.filter(({ row }) => !row) : roots;
  return roots.flatMap((node) =>
    root && node !== root && node.row
      ? [problem(node.row.at, reason("second-root", { other: root.code }), { column: "parent", value: "" })]
      : [],
  );
};

const unknownParents = (nodes: ReadonlyMap<string, Node>, broken: ReadonlySet<string>): readonly Problem[] =>
  [...nodes.values()].flatMap(({ row, parent }) =>
    row && parent !== null && !nodes.has(parent) && !broken.has(parent)
      ? [problem(row.at, reason("unknown-parent"), { column: "parent", value: parent })]
      : [],
  );

/** So many members of a cycle are named. */
const MOST_MEMBERS = 8;

const cycleProblem = (cycle: readonly Node[]): Problem | null => {
  const first = cycle.findIndex((node) => node.row !== null);
  const head = cycle[first];
  if (!head?.row) return null;
  const codes = [...cycle.slice(first), ...cycle.slice(0, first)].map((node) => node.code);
  const named = codes.length > MOST_MEMBERS ? [...codes.slice(0, MOST_MEMBERS), "…"] : codes;
  const members = [...named, head.code].join(" → ");
  return problem(head.row.at, reason("cycle", { members }), { column: "parent", value: head.parent });
};

const sameWords = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((word, i) => word === b[i]);

const sameFacts = (a: StoredUnit, b: StoredUnit): boolean =>
  a.name === b.name &&
  a.kind === b.kind &&
  a.parent === b.parent &&
  a.division === b.division &&
  a.grade === b.grade &&
  a.watch === b.watch &&
  a.status === b.status &&
  sameWords(a.industries, b.industries) &&
  sameWords(a.siteTypes, b.siteTypes);

const moves = (from: Placement, to: Placement): boolean =>
  from.lft !== to.lft || from.rgt !== to.rgt || from.depth !== to.depth;

const changeOf = (nodes: ReadonlyMap<string, Node>): TreeChange => {
  const places = placeUnits([...nodes.values()]);
  const units = [...nodes.values()].map(({ code, parent, row, stored }) => {
    const place = places.get(code) as Placement;
    const unit: StoredUnit = { ...((stored ?? UNSAID) as StoredUnit), ...row?.facts, code, parent, ...place };
    return { unit, stored, listed: row !== null };
  });
  const known = units.flatMap(({ unit, stored, listed }) => (stored ? [{ unit, stored, listed }] : []));
  const changed = known.filter(({ unit, stored, listed }) => listed && !sameFacts(unit, stored));
  return {
    added: units.filter(({ stored }) => !stored).map(({ unit }) => unit),
    changed: changed.map(({ unit }) => unit),
    moved: known.filter(({ unit, stored }) => moves(unit, stored)).map(({ unit }) => unit),
    same: known.filter(({ listed }) => listed).length - changed.length,
  };
};

/**
 * The tree of stored units overlaid with a file's rows, children in the order of their codes; or what is wrong with it.
 * `broken` are the codes of rows that could not be read: their children are not blamed for them.
 */
export const planTree = (
  stored: readonly StoredUnit[],
  rows: readonly UnitRow[],
  broken: ReadonlySet<string>,
): { readonly problems: readonly Problem[]; readonly change: TreeChange | null } => {
  const { nodes, problems } = overlay(stored, rows);
  problems.push(...secondRoots([...nodes.values()]), ...unknownParents(nodes, broken));
  for (const cycle of cyclesIn(nodes)) {
    const wrong = cycleProblem(cycle);
    if (wrong) problems.push(wrong);
  }
  return { problems, change: problems.length > 0 || broken.size > 0 ? null : changeOf(nodes) };
};
