import type { CalendarRow } from "../../domain/calendar-row.ts";
import type { Overrides } from "../calendar.ts";
import type { LedgerEvent } from "../ledger.ts";
import type { Timetable } from "./timetable.ts";

/** A notice with a deadline, or a rung of its ladder, that was computed with the reserve that its year was not known. */
export interface Provisional {
  readonly id: bigint;
  readonly number: string;
  readonly dueRule: string;
  readonly reminders: readonly string[];
  readonly publishedAt: Date;
  readonly dueAt: Date;
  /** Whether its rungs fire at any hour. */
  readonly anyHour: boolean;
}

export interface Rescheduled {
  readonly number: string;
  readonly from: Date;
  readonly to: Date;
  readonly obligations: number;
}

export interface CalendarStore {
  /** Everything that was imported, read at once. */
  overrides(): Promise<Overrides>;
  /** How many rows changed anything; a unit that does not exist by its code and the line that names it. */
  save(
    rows: readonly CalendarRow[],
  ): Promise<
    { readonly changed: number } | { readonly unknown: readonly { readonly unit: string; readonly line: number }[] }
  >;
  /** Notices in force whose deadline is provisional. */
  provisional(): Promise<readonly Provisional[]>;
  /**
   * Writes the deadline anew, and the rungs that are still to come, of everything open under a notice. Returns the number
   * of open obligations. `entry` makes the ledger's event from it, where there is anything to tell.
   */
  reschedule(
    notice: bigint,
    timetables: readonly [Timetable, ...Timetable[]],
    now: Date,
    entry: (obligations: number) => LedgerEvent | null,
  ): Promise<number>;
}
