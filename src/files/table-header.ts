import { type Problem, problem, reason } from "../domain/problem.ts";
import { visibleText } from "../domain/visible-text.ts";
import type { Table } from "../ports/table.ts";

/** The columns of each kind of table; the first ones must be there. */
const COLUMNS = {
  units: {
    needed: ["code", "name", "kind", "parent"],
    others: ["division", "industry", "site_types", "grade", "watch", "status"],
  },
  people: {
    needed: ["name", "unit", "post"],
    others: ["locale", "phone", "telegram", "slack", "feishu", "dingtalk", "wecom", "web"],
  },
} as const;

const KINDS = ["units", "people"] as const satisfies readonly Table["kind"][];

export interface Header {
  readonly kind: Table["kind"];
  /** What each place in a row holds; null for a column that nobody knows. */
  readonly columns: readonly (string | null)[];
  readonly unknown: readonly string[];
}

/** What stands in a row, by column. */
export const rowCells = ({ columns }: Header, cells: readonly string[]): Readonly<Record<string, string>> => {
  const row: Record<string, string> = {};
  columns.forEach((column, place) => {
    if (column !== null) row[column] = cells[place] ?? "";
  });
  return row;
};

const columnsOf = (kind: Table["kind"]): readonly string[] => [...COLUMNS[kind].needed, ...COLUMNS[kind].others];

/** How many of a kind's columns are there. `name` is in both and tells nothing. */
const likeness = (kind: Table["kind"], names: readonly string[]): number =>
  columnsOf(kind).filter((column) => column !== "name" && names.includes(column)).length;

const kindOf = (names: readonly string[]): Table["kind"] | null => {
  const [units, people] = KINDS.map((kind) => likeness(kind, names)) as [number, number];
  if (units === people) return null;
  return units > people ? "units" : "people";
};

/** Reads a header; columns may stand in any order, and capitals and spaces around them do not matter. */
export const readHeader = (
  file: string,
  cells: readonly string[],
): { readonly header: Header } | { readonly problems: readonly Problem[] } => {
  const at = { file, line: 1 };
  const names = cells.map((cell) => visibleText(cell).toLowerCase());
  const kind = kindOf(names);
  if (kind === null) {
    const known = KINDS.map((each) => COLUMNS[each].needed.join(", "));
    const why = reason("unknown-table", { units: known[0] as string, people: known[1] as string });
    return { problems: [problem(at, why, { value: names.join(",") })] };
  }
  const known = columnsOf(kind);
  const missing = COLUMNS[kind].needed.filter((column) => !names.includes(column));
  const repeated = known.filter((column) => names.indexOf(column) !== names.lastIndexOf(column));
  const problems = [
    ...missing.map((column) => problem(at, reason("missing-column"), { column })),
    ...repeated.map((column) => problem(at, reason("repeated-column"), { column })),
  ];
  if (problems.length > 0) return { problems };
  const columns = names.map((name) => (known.includes(name) ? name : null));
  return { header: { kind, columns, unknown: names.filter((name) => name !== "" && !known.includes(name)) } };
};
