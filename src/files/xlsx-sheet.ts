import type { CellValue, Sheet } from "hucre";

/** What stands in a cell and cannot be taken for what somebody typed. */
export type CellFault = "cell-formula" | "cell-digits" | "cell-date" | "cell-error";

export interface SheetCell {
  readonly text: string;
  readonly fault: CellFault | null;
}

/** A row with something in it. */
export interface SheetRow {
  /** As the spreadsheet counts. */
  readonly line: number;
  /** The text of each cell; where it could not be read, what is wrong with it stands in `faults`. */
  readonly cells: readonly string[];
  readonly faults: readonly { readonly at: number; readonly fault: CellFault }[];
}

export interface SheetRows {
  readonly name: string;
  readonly rows: readonly SheetRow[];
}

/** A spreadsheet keeps 15 digits of a number and turns the others into noughts. */
const MOST_DIGITS = 1e15;
const ERROR = /^#(?:N\/A|REF!|VALUE!|NAME\?|DIV\/0!|NUM!|NULL!|SPILL!|CALC!)$/;

const cellOf = (value: CellValue): SheetCell => {
  if (value === null) return { text: "", fault: null };
  if (value instanceof Date) return { text: value.toISOString().slice(0, 10), fault: "cell-date" };
  if (typeof value === "boolean") return { text: value ? "TRUE" : "FALSE", fault: null };
  if (typeof value === "number")
    return { text: String(value), fault: Math.abs(value) < MOST_DIGITS ? null : "cell-digits" };
  return { text: value, fault: ERROR.test(value) ? "cell-error" : null };
};

/** The rows of a sheet as a table has them: text throughout, and what can be no text told cell by cell. */
export const sheetRows = ({ name, rows, cells: details }: Sheet): SheetRows => {
  const formulas = new Set([...(details ?? [])].filter(([, cell]) => cell.type === "formula").map(([place]) => place));
  const read = rows.map((values, row): SheetRow => {
    const cells = values.map((value, column): SheetCell => {
      const cell = cellOf(value);
      return formulas.has(`${row},${column}`) ? { ...cell, fault: "cell-formula" } : cell;
    });
    return {
      line: row + 1,
      cells: cells.map(({ text }) => text),
      faults: cells.flatMap(({ fault }, at) => (fault ? [{ at, fault }] : [])),
    };
  });
  return { name, rows: read.filter(({ cells, faults }) => faults.length > 0 || cells.some((text) => text !== "")) };
};
