import { stringify } from "csv-stringify/sync";
import type { Cell, Sheet } from "../ports/sheet.ts";
import { guarded } from "./formula-guard.ts";

/** Without it Excel takes UTF-8 for the code page of its country. */
const MARK = "\ufeff";

const safe = (cell: Cell): Cell => (typeof cell === "string" ? guarded(cell) : cell);

/** RFC 4180: a record ends with CRLF, and a cell is quoted where it has to be. */
const lines = (rows: readonly (readonly Cell[])[]): Buffer =>
  Buffer.from(
    stringify(
      rows.map((row) => row.map(safe)),
      { record_delimiter: "\r\n" },
    ),
  );

/** A table as CSV in UTF-8 with a byte-order mark; no text in it runs as a formula. */
export async function* csvSheet({ header, pages }: Sheet): AsyncGenerator<Uint8Array, void> {
  yield Buffer.concat([Buffer.from(MARK), lines([header])]);
  for await (const rows of pages) if (rows.length > 0) yield lines(rows);
}
