import { type Problem, problem, type Reason, reason } from "../domain/problem.ts";
import type { Table, TableRow } from "../ports/table.ts";
import { bytesOf, type Source } from "./source.ts";
import { type Header, readHeader, rowCells } from "./table-header.ts";
import { scanArchive } from "./xlsx-scan.ts";
import type { SheetRow, SheetRows } from "./xlsx-sheet.ts";
import { readWorkbook } from "./xlsx-workbook.ts";

type Opened = { readonly tables: readonly Table[] } | { readonly problems: readonly Problem[] };

const MOST_BYTES = 20 * 1024 * 1024;
const ROWS_AT_ONCE = 500;
/** How Office names what it has encrypted, in a container of the old kind. */
const ENCRYPTED = Buffer.from("EncryptedPackage", "utf16le");

const isFilled = (cells: readonly string[]): boolean => cells.some((cell) => cell.trim() !== "");

/** A row without the empty cells that a sheet has or lacks on its right. */
const readRow = (file: string, header: Header, { line, cells, faults }: SheetRow): readonly (TableRow | Problem)[] => {
  const { columns } = header;
  const wrong = faults.flatMap(({ at, fault }) => {
    const column = columns[at];
    return column ? [problem({ file, line }, reason(fault), { column, value: cells[at] ?? null })] : [];
  });
  if (wrong.length > 0) return wrong;
  if (isFilled(cells.slice(columns.length)))
    return [problem({ file, line }, reason("cell-count", { found: cells.length, expected: columns.length }))];
  return isFilled(cells) ? [{ line, cells: rowCells(header, cells) }] : [];
};

const sheetTable = ({ size, isUnchanged }: Source, file: string, { rows }: SheetRows): Opened => {
  const [first, ...rest] = rows;
  if (!first) return { problems: [problem({ file, line: null }, reason("empty-file"))] };
  const read = readHeader(file, first.line === 1 ? first.cells : []);
  if ("problems" in read) return read;
  const { header } = read;
  let done = 0;
  const table: Table = {
    file,
    kind: header.kind,
    unknown: header.unknown,
    async *rows() {
      for (done = 0; done < rest.length; done += ROWS_AT_ONCE)
        yield rest.slice(done, done + ROWS_AT_ONCE).flatMap((row) => readRow(file, header, row));
    },
    size,
    read: () => (rest.length === 0 ? size : Math.min(1, done / rest.length) * size),
    isUnchanged,
  };
  return { tables: [table] };
};

const refused = ({ file }: Source, why: Reason): Opened => ({ problems: [problem({ file, line: null }, why)] });

/** The sheets of a workbook that are tables: those named units and people, else its first. Formulas are refused, row by row. */
export const xlsxTables = async (source: Source): Promise<Opened> => {
  if (source.size > MOST_BYTES) return refused(source, reason("spreadsheet-large", { most: MOST_BYTES / 1024 / 1024 }));
  const bytes = await bytesOf(source);
  const fault = await scanArchive(bytes);
  if (fault) return refused(source, reason(fault));
  const workbook = await readWorkbook(bytes);
  if ("fault" in workbook) return refused(source, reason(workbook.fault));
  const opened = workbook.sheets.map((sheet) =>
    sheetTable(source, workbook.single ? source.file : `${source.file}[${sheet.name}]`, sheet),
  );
  const problems = opened.flatMap((each) => ("problems" in each ? each.problems : []));
  if (problems.length > 0 || opened.length === 0)
    return opened.length === 0 ? refused(source, reason("empty-file")) : { problems };
  return { tables: opened.flatMap((each) => ("tables" in each ? each.tables : [])) };
};

/** A file in the container of old spreadsheets: one of those, or a new one behind a password. */
export const oleFault = async (source: Source): Promise<Opened> => {
  const isLocked = source.size <= MOST_BYTES && (await bytesOf(source)).includes(ENCRYPTED);
  return refused(source, reason(isLocked ? "spreadsheet-locked" : "spreadsheet-other"));
};
