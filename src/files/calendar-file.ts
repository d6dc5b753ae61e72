import { CALENDAR_COLUMNS, type CalendarRow, readCalendarRow } from "../domain/calendar-row.ts";
import { type Problem, problem, reason } from "../domain/problem.ts";
import type { Cells } from "../domain/roster-cells.ts";
import { type CsvRecord, csvRecords } from "./csv-records.ts";
import { openSource } from "./source.ts";
import { textEncoding } from "./text-encoding.ts";

const NEEDED = ["from", "works"] as const;

type Read = { readonly rows: readonly CalendarRow[] } | { readonly problems: readonly Problem[] };

const recordsIn = async (path: string): Promise<readonly CsvRecord[] | readonly Problem[]> => {
  const source = await openSource(path);
  if (!("chunks" in source)) return [source];
  const encoding = await textEncoding(source);
  if (typeof encoding !== "string") return [problem({ file: path, line: encoding.line }, reason("not-text"))];
  const records: CsvRecord[] = [];
  for await (const part of csvRecords(source.chunks(), encoding)) {
    if ("fault" in part) return [problem({ file: path, line: part.line }, reason(part.fault))];
    records.push(...part);
  }
  return records;
};

const headerProblems = (file: string, names: readonly string[]): readonly Problem[] => {
  const at = { file, line: 1 };
  const known: readonly string[] = CALENDAR_COLUMNS;
  return [
    ...NEEDED.filter((column) => !names.includes(column)).map((column) =>
      problem(at, reason("missing-column"), { column }),
    ),
    ...names
      .filter((name) => name !== "" && !known.includes(name))
      .map((name) => problem(at, reason("unknown-word", { known: known.join(", ") }), { value: name })),
  ];
};

const isProblem = (one: CsvRecord | Problem): one is Problem => "reason" in one;

/** Reads a file of days off, make-up days, working hours and zones; everything that is wrong is told at once. */
export const readCalendarFile = async (
  path: string,
  file: string,
  isZone: (name: string) => boolean,
): Promise<Read> => {
  const records = await recordsIn(path);
  const faults = records.filter(isProblem);
  if (faults.length > 0) return { problems: faults.map((each) => ({ ...each, file })) };
  const [header, ...lines] = records as readonly CsvRecord[];
  if (!header) return { problems: [problem({ file, line: null }, reason("empty-file"))] };
  const names = header.cells.map((name) => name.trim().toLowerCase());
  const wrong = headerProblems(file, names);
  if (wrong.length > 0) return { problems: wrong };
  const cellsOf = ({ cells }: CsvRecord): Cells => Object.fromEntries(names.map((name, at) => [name, cells[at] ?? ""]));
  const read = lines
    .filter(({ cells }) => cells.some((cell) => cell.trim() !== ""))
    .map((line) => readCalendarRow({ file, line: line.line }, cellsOf(line), isZone));
  const problems = read.flatMap((each) => ("problems" in each ? each.problems : []));
  return problems.length > 0 ? { problems } : { rows: read.flatMap((each) => ("row" in each ? each.row : [])) };
};
