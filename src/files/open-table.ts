import { type Problem, problem, reason } from "../domain/problem.ts";
import type { OpenTable, Table, TableRow } from "../ports/table.ts";
import { type CsvFault, type CsvRecord, csvRecords } from "./csv-records.ts";
import { openSource, type Source } from "./source.ts";
import { type Header, readHeader } from "./table-header.ts";

/** Empty lines, and the rows of separators that spreadsheets leave at the end. */
const isEmpty = ({ cells }: CsvRecord): boolean => cells.every((cell) => cell.trim() === "");

const faultProblem = (file: string, { fault, line }: CsvFault): Problem => problem({ file, line }, reason(fault));

const readRow = (file: string, { columns }: Header, { line, cells }: CsvRecord): TableRow | Problem => {
  if (cells.length !== columns.length)
    return problem({ file, line }, reason("cell-count", { found: cells.length, expected: columns.length }));
  const named = columns.flatMap((column, place) => (column === null ? [] : [[column, cells[place] ?? ""] as const]));
  return { line, cells: Object.fromEntries(named) };
};

/** The header is line 1, whatever it holds. */
const headerOf = async (
  source: Source,
): Promise<{ readonly header: Header } | { readonly problems: readonly Problem[] }> => {
  const { file } = source;
  for await (const part of csvRecords(source.chunks())) {
    if ("fault" in part) return { problems: [faultProblem(file, part)] };
    const [first] = part;
    if (first) return readHeader(file, first.cells);
  }
  return { problems: [problem({ file, line: null }, reason("empty-file"))] };
};

async function* rowsOf(source: Source, header: Header): AsyncGenerator<readonly (TableRow | Problem)[], void> {
  let isHeader = true;
  for await (const part of csvRecords(source.chunks())) {
    if ("fault" in part) yield [faultProblem(source.file, part)];
    else {
      const records = isHeader ? part.slice(1) : part;
      if (part.length > 0) isHeader = false;
      yield records.filter((record) => !isEmpty(record)).map((record) => readRow(source.file, header, record));
    }
  }
}

/** Opens a CSV file of units or of people: which of them it is, its header tells. */
export const openTable: OpenTable = async (path) => {
  const source = await openSource(path);
  if (!("chunks" in source)) return { problems: [source] };
  const read = await headerOf(source);
  if ("problems" in read) return read;
  const { kind, unknown } = read.header;
  const table: Table = {
    file: path,
    kind,
    unknown,
    rows: () => rowsOf(source, read.header),
    isUnchanged: source.isUnchanged,
  };
  return { table };
};
