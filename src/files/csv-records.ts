import { parse } from "csv-parse";
import { decodedText, type Encoding, lineEnds } from "./decoded-text.ts";
import { unguarded } from "./formula-guard.ts";

/** One record and the line it begins on. */
export interface CsvRecord {
  readonly line: number;
  readonly cells: readonly string[];
}

/** What ends the reading: nothing after it can be trusted. `line` is where the record in question begins. */
export interface CsvFault {
  readonly fault: "not-text" | "broken-quote" | "row-too-long";
  readonly line: number;
}

/** A missing quotation mark would otherwise swallow the file into one cell. */
const LONGEST_RECORD = 64 * 1024;

/** What `raw: true` makes of a record. */
interface WithRaw {
  readonly record: readonly string[];
  readonly raw: string;
}

/** The parser, and the records it has completed since they were last taken. */
const recordParser = () => {
  let line = 1;
  let done: CsvRecord[] = [];
  const parser = parse({
    record_delimiter: ["\r\n", "\n", "\r"],
    relax_column_count: true,
    max_record_size: LONGEST_RECORD,
    raw: true,
    // With `raw` it gives more than the declared type says.
    on_record: (given) => {
      const { record, raw } = given as unknown as WithRaw;
      done.push({ line, cells: record.map(unguarded) });
      line += Math.max(1, lineEnds(raw));
      return null;
    },
  });
  parser.on("error", () => {});
  const settled = (act: (done: (error?: Error | null) => void) => void): Promise<CsvFault | null> =>
    new Promise((resolve) => {
      act((error) => {
        const tooLong = error && "code" in error && error.code === "CSV_MAX_RECORD_SIZE";
        resolve(error ? { fault: tooLong ? "row-too-long" : "broken-quote", line } : null);
      });
    });
  return {
    write: (text: string) => settled((callback) => parser.write(text, callback)),
    end: () => settled((callback) => parser.end(callback)),
    /** What ends the reading for the record that has begun. */
    tooLong: (): CsvFault => ({ fault: "row-too-long", line }),
    take: (): readonly CsvRecord[] => {
      const taken = done;
      done = [];
      return taken;
    },
  };
};

/**
 * The records of a CSV file (RFC 4180; LF, CRLF and CR end a record) in constant memory, lines counted as an editor
 * counts them. A fault is the last thing it gives.
 */
export async function* csvRecords(
  chunks: AsyncIterable<Uint8Array>,
  encoding: Encoding,
): AsyncGenerator<readonly CsvRecord[] | CsvFault, void> {
  const parser = recordParser();
  for await (const text of decodedText(chunks, encoding)) {
    if (typeof text !== "string") {
      yield text.kind === "no-text" ? { fault: "not-text", line: text.line } : parser.tooLong();
      return;
    }
    const fault = await parser.write(text);
    yield parser.take();
    if (fault) yield fault;
    if (fault) return;
  }
  const fault = await parser.end();
  yield parser.take();
  if (fault) yield fault;
}
