import { type Problem, problem, reason } from "../domain/problem.ts";
import type { Table } from "../ports/table.ts";
import { CALLED, COLUMNS, columnsOf, plainName } from "./column-names.ts";

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

/** How many of a kind's columns are there. A name is in both and tells nothing. */
const likeness = (kind: Table["kind"], names: readonly string[]): number =>
  new Set(names.map((name) => CALLED[kind].get(name)).filter((column) => column !== undefined && column !== "name"))
    .size;

const kindOf = (names: readonly string[]): Table["kind"] | null => {
  const [units, people] = KINDS.map((kind) => likeness(kind, names)) as [number, number];
  if (units === people) return null;
  return units > people ? "units" : "people";
};

/**
 * Reads a header: the contract's names, or those of an export in any language. Columns may stand in any order, and capitals
 * and spaces around them do not matter.
 */
export const readHeader = (
  file: string,
  cells: readonly string[],
): { readonly header: Header } | { readonly problems: readonly Problem[] } => {
  const at = { file, line: 1 };
  const names = cells.map(plainName);
  const kind = kindOf(names);
  if (kind === null) {
    const known = KINDS.map((each) => COLUMNS[each].needed.join(", "));
    const why = reason("unknown-table", { units: known[0] as string, people: known[1] as string });
    return { problems: [problem(at, why, { value: names.join(",") })] };
  }
  const columns = names.map((name) => CALLED[kind].get(name) ?? null);
  const missing = COLUMNS[kind].needed.filter((column) => !columns.includes(column));
  const repeated = columnsOf(kind).filter((column) => columns.indexOf(column) !== columns.lastIndexOf(column));
  const problems = [
    ...missing.map((column) => problem(at, reason("missing-column"), { column })),
    ...repeated.map((column) => problem(at, reason("repeated-column"), { column })),
  ];
  if (problems.length > 0) return { problems };
  return { header: { kind, columns, unknown: names.filter((name, place) => name !== "" && columns[place] === null) } };
};
