import type { Problem } from "../domain/problem.ts";
import type { Cells } from "../domain/roster-cells.ts";

export interface TableRow {
  /** The line on which the row begins, as an editor counts; the header is line 1. */
  readonly line: number;
  readonly cells: Cells;
}

/** A table of units or of people in a file. */
export interface Table {
  /** The file; of a workbook with several sheets also the sheet: "staff.xlsx[people]". */
  readonly file: string;
  readonly kind: "units" | "people";
  /** Columns that nobody knows here; they are not read. */
  readonly unknown: readonly string[];
  /**
   * The rows from the first on, some hundred at a time, in constant memory. What is wrong with the form of a row comes
   * in its place; after wrong quoting or encoding nothing more comes. May be read again after the end was reached.
   */
  rows(): AsyncIterable<readonly (TableRow | Problem)[]>;
  /** Bytes, or as many as it is worth among other tables. */
  readonly size: number;
  /** How much of `size` the latest reading has gone through. */
  read(): number;
  /** Whether the file is still what it was when it was opened. */
  isUnchanged(): Promise<boolean>;
}

/** Opens a file by its path: CSV is one table, a workbook may hold several. */
export type OpenTables = (
  path: string,
) => Promise<{ readonly tables: readonly Table[] } | { readonly problems: readonly Problem[] }>;
