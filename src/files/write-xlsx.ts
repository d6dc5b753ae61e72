import { writeXlsxStream } from "hucre/xlsx";
import type { Cell, Sheet } from "../ports/sheet.ts";

/** What a cell of Excel can hold. */
const LONGEST = 32_767;
/** Numbers need little room, names and codes more. */
const WIDTH = 18;

/** Text that reads as one of XML's escaped signs is escaped itself (ECMA-376 part 1, 22.9.2.19). */
const ESCAPE_LIKE = /_(?=x[0-9A-Fa-f]{4}_)/gu;
/** No XML may hold these. */
const NO_CHARACTER = /[\ufffe\uffff]|\p{Surrogate}/gu;

const written = (cell: Cell): Cell =>
  typeof cell === "string"
    ? cell.slice(0, LONGEST).replace(NO_CHARACTER, "\ufffd").replace(ESCAPE_LIKE, "_x005F_")
    : cell;

async function* rowsOf({ pages }: Sheet): AsyncGenerator<Cell[], void> {
  for await (const rows of pages) for (const row of rows) yield row.map(written);
}

/**
 * A table as XLSX: text as text, numbers as numbers, never a formula. What is more than a sheet of Excel can hold goes on
 * in the next one, under the same header.
 */
export async function* xlsxSheet(
  sheet: Sheet,
  options: { readonly maxRowsPerSheet?: number } = {},
): AsyncGenerator<Uint8Array, void> {
  const columns = sheet.header.map((header) => ({ header: String(written(header)), width: WIDTH }));
  const bytes = writeXlsxStream(rowsOf(sheet), { ...options, name: sheet.name, columns, freezePane: { rows: 1 } });
  const reader = bytes.getReader();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
  } finally {
    await reader.cancel().catch(() => {});
  }
}
