import type { CalendarRow } from "../domain/calendar-row.ts";
import { parseDue } from "../domain/due.ts";
import { parseReminders } from "../domain/ladder.ts";
import { type Problem, problem, reason } from "../domain/problem.ts";
import type { Calendars, ReadCalendars } from "../ports/calendar.ts";
import type { Clock } from "../ports/clock.ts";
import type { LedgerEvent } from "../ports/ledger.ts";
import type { Queue } from "../ports/queue.ts";
import type { CalendarStore, Provisional, Rescheduled } from "../ports/store/calendar-store.ts";
import { timetablesOf } from "./timetables.ts";

export interface ImportCalendarParts {
  readonly calendarStore: CalendarStore;
  readonly calendars: ReadCalendars;
  readonly clock: Pick<Clock, "now">;
  readonly queue: Pick<Queue, "hint">;
}

export type CalendarImport =
  | { readonly kind: "imported"; readonly changed: number; readonly rescheduled: readonly Rescheduled[] }
  | { readonly kind: "refused"; readonly problems: readonly Problem[] };

const rescheduledEvent = ({ number, from, to, obligations }: Rescheduled, at: Date): LedgerEvent => ({
  ...({ kind: "rescheduled", at, actor: "operator", contentHash: null, how: "command" } as const),
  subject: { notice: number, from: from.toISOString(), to: to.toISOString(), obligations: String(obligations) },
});

/** A deadline that was told as firm stays as it was told; a provisional one is computed anew, and may be provisional still. */
const recompute = async (
  { calendarStore, clock }: ImportCalendarParts,
  calendars: Calendars,
  { id, number, dueRule, reminders, publishedAt, dueAt, anyHour }: Provisional,
): Promise<readonly Rescheduled[]> => {
  const due = parseDue(dueRule);
  const read = parseReminders(reminders);
  if (!due || "wrong" in read) throw new Error(`notice ${number} cannot be read any more`);
  const rungs = read.rungs.map((rung) => ({ ...rung, anyHour }));
  const timetables = timetablesOf(calendars, { due, reminders: rungs }, publishedAt);
  const [{ dueAt: to, ladderProvisional }] = timetables;
  const same = to?.getTime() === dueAt.getTime();
  if (!to || (ladderProvisional && same)) return [];
  const now = clock.now();
  const obligations = await calendarStore.reschedule(id, timetables, now, (count) =>
    same ? null : rescheduledEvent({ number, from: dueAt, to, obligations: count }, now),
  );
  return same ? [] : [{ number, from: dueAt, to, obligations }];
};

/** Takes over days, hours and zones, all or nothing, and computes the deadlines anew that had waited for them. */
export const importCalendar = async (
  parts: ImportCalendarParts,
  file: string,
  rows: readonly CalendarRow[],
): Promise<CalendarImport> => {
  const saved = await parts.calendarStore.save(rows);
  if ("unknown" in saved) {
    const problems = saved.unknown.map(({ unit, line }) =>
      problem({ file, line }, reason("unknown-unit"), { column: "unit", value: unit }),
    );
    return { kind: "refused", problems };
  }
  const rescheduled: Rescheduled[] = [];
  const calendars = await parts.calendars();
  for (const notice of await parts.calendarStore.provisional())
    rescheduled.push(...(await recompute(parts, calendars, notice)));
  if (rescheduled.length > 0) await parts.queue.hint({ name: "seal", id: "1" });
  return { kind: "imported", changed: saved.changed, rescheduled };
};
