import type { Due } from "../domain/due.ts";

/** Working days and hours of one time zone. */
export interface Calendar {
  readonly zone: string;
  /** When something published at `from` is due, or the year that the calendar does not know. */
  dueAt(from: Date, due: Due): { readonly at: Date } | { readonly unknownYear: number };
  /** Whether this moment lies on a working day; null for a year it does not know. */
  isWorkingDay(moment: Date): boolean | null;
}
