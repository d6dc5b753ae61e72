import type { Place, Problem } from "./problem.ts";
import { reason } from "./problem.ts";
import { type CellReader, type Cells, cellReader } from "./roster-cells.ts";
import { parseHours } from "./working-hours.ts";

/** Days that are other than announced, or, without days, where a unit is and when it works. `unit` is null for everybody. */
export type CalendarRow = { readonly unit: string | null; readonly line: number } & (
  | {
      readonly kind: "days";
      readonly days: readonly string[];
      /** Null for what the announced calendar says: an override is taken back. */
      readonly works: boolean | null;
      readonly hours: string | null;
      readonly name: string | null;
    }
  | { readonly kind: "unit"; readonly zone: string | null; readonly hours: string | null }
);

export const CALENDAR_COLUMNS = ["from", "to", "works", "hours", "zone", "unit", "name"] as const;

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const DAY_MS = 86_400_000;
/** As long as nobody's holidays are. */
const MOST_DAYS = 62;
const LONGEST = 64;

const isDay = (text: string): boolean =>
  DAY.test(text) && !Number.isNaN(Date.parse(text)) && new Date(text).toISOString().startsWith(text);

const daysBetween = (from: string, to: string): readonly string[] | null => {
  if (!isDay(from) || !isDay(to)) return null;
  const count = (Date.parse(to) - Date.parse(from)) / DAY_MS + 1;
  if (count < 1 || count > MOST_DAYS) return null;
  return Array.from({ length: count }, (_, at) => new Date(Date.parse(from) + at * DAY_MS).toISOString().slice(0, 10));
};

type Reader = CellReader & { optional(column: string): string | null };

const unitRow = (read: Reader, unit: string | null, line: number, isZone: (name: string) => boolean): CalendarRow => {
  const zone = read.optional("zone");
  const hours = read.optional("hours");
  if (zone !== null && !isZone(zone)) read.wrong("zone", reason("bad-zone"));
  if (zone === null && hours === null) read.wrong("from", reason("empty"));
  return { kind: "unit", zone, hours, unit, line };
};

const daysRow = (read: Reader, from: string, unit: string | null, line: number): CalendarRow => {
  const days = daysBetween(from, read.optional("to") ?? from);
  if (!days) read.wrong("from", reason("bad-days", { most: MOST_DAYS }));
  const word = read.word("works", ["yes", "no", "unset"]);
  if (read.plain("works") === "") read.wrong("works", reason("empty"));
  const hours = read.optional("hours");
  if (hours !== null && word === "no") read.wrong("hours", reason("hours-of-rest"));
  const name = read.optional("name");
  if (name !== null && name.length > LONGEST) read.wrong("name", reason("too-long", { most: LONGEST }));
  return { kind: "days", days: days ?? [], works: word === "unset" ? null : word === "yes", hours, name, unit, line };
};

/** Reads one row of a calendar file: what it says, or everything that is wrong with it. */
export const readCalendarRow = (
  at: Place,
  cells: Cells,
  isZone: (name: string) => boolean,
): { readonly row: CalendarRow } | { readonly problems: readonly Problem[] } => {
  const plain = cellReader(at, cells);
  const read: Reader = { ...plain, optional: (column) => plain.plain(column) || null };
  const hours = read.optional("hours");
  if (hours !== null && !parseHours(hours)) read.wrong("hours", reason("bad-hours"));
  const unit = read.optional("unit");
  const from = read.optional("from");
  const row = from === null ? unitRow(read, unit, at.line, isZone) : daysRow(read, from, unit, at.line);
  return plain.problems.length > 0 ? { problems: plain.problems } : { row };
};
