import type { Problem } from "../domain/problem.ts";
import type { Table, TableRow } from "../ports/table.ts";

export interface Tables {
  readonly tables: readonly Table[];
  /** Told how many rows have been read; false ends the reading. */
  readonly onRows: (rows: number) => boolean;
}

/**
 * Reads the tables of one kind, hands on the rows whose form is right and what is wrong with the others. False when it was
 * ended.
 */
export const eachRows = async (
  { tables, onRows }: Tables,
  kind: Table["kind"],
  blame: (problems: readonly Problem[]) => void,
  take: (file: string, rows: readonly TableRow[]) => Promise<void> | void,
): Promise<boolean> => {
  for (const table of tables.filter((each) => each.kind === kind))
    for await (const part of table.rows()) {
      blame(part.filter((row): row is Problem => "reason" in row));
      await take(
        table.file,
        part.filter((row): row is TableRow => !("reason" in row)),
      );
      if (!onRows(part.length)) return false;
    }
  return true;
};
