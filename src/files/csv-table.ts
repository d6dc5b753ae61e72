import { type Problem, problem, reason } from "../domain/problem.ts";
import type { Table, TableRow } from "../ports/table.ts";
import { type CsvFault, type CsvRecord, csvRecords } from "./csv-records.ts";
import type { Encoding } from "./decoded-text.ts";
import type { Source } from "./source.ts";
import { type Header, readHeader, rowCells } from "./table-header.ts";
import { textEncoding } from "./text-encoding.ts";

/** Empty lines, and the rows of separators that spreadsheets leave at the end. */
const isEmpty = ({ cells }: CsvRecord): boolean => cells.every((cell) => cell.trim() === "");

const faultProblem = (file: string, { fault, line }: CsvFault): Problem => problem({ file, line }, reason(fault));

const readRow = (file: string, header: Header, { line, cells }: CsvRecord): TableRow | Problem => {
  const expected = header.columns.length;
  if (cells.length !== expected)
    return problem({ file, line }, reason("cell-count", { found: cells.length, expected }));
  return { line, cells: rowCells(header, cells) };
};

/** The header is line 1, whatever it holds. */
const headerOf = async (
  source: Source,
  encoding: Encoding,
): Promise<{ readonly header: Header } | { readonly problems: readonly Problem[] }> => {
  const { file } = source;
  for await (const part of csvRecords(source.chunks(), encoding)) {
    if ("fault" in part) return { problems: [faultProblem(file, part)] };
    const [first] = part;
    if (first) return readHeader(file, first.cells);
  }
  return { problems: [problem({ file, line: null }, reason("empty-file"))] };
};

async function* rowsOf(
  { file }: Source,
  chunks: AsyncIterable<Uint8Array>,
  encoding: Encoding,
  header: Header,
): AsyncGenerator<readonly (TableRow | Problem)[], void> {
  let isHeader = true;
  for await (const part of csvRecords(chunks, encoding)) {
    if ("fault" in part) yield [faultProblem(file, part)];
    else {
      const records = isHeader ? part.slice(1) : part;
      if (part.length > 0) isHeader = false;
      yield records.filter((record) => !isEmpty(record)).map((record) => readRow(file, header, record));
    }
  }
}

/** The bytes of a source, counted as they come. */
const counted = (source: Source) => {
  let bytes = 0;
  return {
    bytes: () => bytes,
    async *chunks(): AsyncGenerator<Uint8Array, void> {
      bytes = 0;
      for await (const chunk of source.chunks()) {
        bytes += chunk.length;
        yield chunk;
      }
    },
  };
};

/** A CSV file of units or of people, in UTF-8 or GB18030: which of them it is, its header tells. */
export const csvTable = async (
  source: Source,
): Promise<{ readonly tables: readonly Table[] } | { readonly problems: readonly Problem[] }> => {
  const { file, size, isUnchanged } = source;
  const encoding = await textEncoding(source);
  if (typeof encoding !== "string")
    return { problems: [faultProblem(file, { fault: "not-text", line: encoding.line })] };
  const read = await headerOf(source, encoding);
  if ("problems" in read) return read;
  const { header } = read;
  const { kind, unknown } = header;
  const { bytes, chunks } = counted(source);
  const rows = () => rowsOf(source, chunks(), encoding, header);
  return { tables: [{ file, kind, unknown, rows, size, read: bytes, isUnchanged }] };
};
