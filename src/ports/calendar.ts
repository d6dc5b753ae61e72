import type { Due } from "../domain/due.ts";
import type { Span } from "../domain/working-hours.ts";

/** `provisional`: it lies in a year whose holidays nobody has announced yet, and every Monday to Friday was taken to be worked. */
export interface DueTime {
  readonly at: Date;
  readonly provisional: boolean;
}

/** When people may be disturbed who work by a calendar, as seen from one moment. */
export interface PushHours {
  /** The day where they are: "2026-09-20". */
  readonly day: string;
  readonly dayEnds: Date;
  /** When an ordinary push may go out, today: from when, and until when at the latest. Null where it has to wait for a digest. */
  readonly open: { readonly from: Date; readonly until: Date | null } | null;
  /** Today's digest; null on a day of rest. */
  readonly digestAt: Date | null;
  /** How many ordinary pushes a person gets in a day at most; null for as many as there are. */
  readonly most: number | null;
}

/** Working days and hours, in one time zone. */
export interface Calendar {
  readonly zone: string;
  dueAt(from: Date, due: Due): DueTime;
  /** The same time of day, so many working days later, or earlier for a negative number. */
  shift(at: Date, workingDays: number): DueTime;
  /** Whether this moment lies on a working day; null for a year it does not know. */
  isWorkingDay(moment: Date): boolean | null;
  /** `graceMs`: how long what falls due at the close of work may still take to go out. */
  pushHours(now: Date, graceMs: number): PushHours;
  /** The first digest, opening or close after this moment. */
  nextTurn(now: Date): Date;
}

/** Who works by a calendar: all units between these bounds of the tree. */
export interface UnitCalendar {
  readonly lft: number;
  readonly rgt: number;
  readonly calendar: Calendar;
}

/** The whole tree's first, and a unit's own after those of the units above it: the last one that fits counts. */
export type Calendars = readonly [UnitCalendar, ...UnitCalendar[]];

/** Reads the calendars as they stand now. */
export type ReadCalendars = () => Promise<Calendars>;

/** A day that is other than it would be by itself. */
export interface DayOverride {
  readonly day: string;
  readonly works: boolean;
  /** Null for the usual hours. */
  readonly hours: readonly Span[] | null;
}

/** What was imported for a unit and all below it. */
export interface UnitOverrides {
  readonly lft: number;
  readonly rgt: number;
  readonly zone: string | null;
  readonly hours: readonly Span[] | null;
  readonly days: readonly DayOverride[];
}

/** `whole` is everybody's; `units` from the outermost to the innermost. */
export interface Overrides {
  readonly whole: Omit<UnitOverrides, "lft" | "rgt">;
  readonly units: readonly UnitOverrides[];
}
