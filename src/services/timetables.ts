import { stepsOf } from "../domain/ladder.ts";
import type { NoticeDraft } from "../domain/notice.ts";
import type { Calendar, Calendars, DueTime } from "../ports/calendar.ts";
import type { HoursOfUnits, Timetable } from "../ports/store/timetable.ts";

type Timed = Pick<NoticeDraft, "due" | "reminders">;

/** What is decided in working hours has this long to go out: a deadline ends with the day, and is told at its end. */
const GRACE_MS = 10 * 60_000;

const rungAt = (calendar: Calendar, { at }: DueTime, rung: NoticeDraft["reminders"][number]): DueTime =>
  rung.unit === "working-days"
    ? calendar.shift(at, rung.amount)
    : { at: new Date(at.getTime() + rung.amount * 60_000), provisional: false };

/** When a notice that is published at a moment is due by one calendar, and when its rungs are. */
const planBy = (
  calendar: Calendar,
  { due, reminders }: Timed,
  at: Date,
): Pick<Timetable, "dueAt" | "provisional" | "ladderProvisional" | "steps"> => {
  if (!due) return { dueAt: null, provisional: false, ladderProvisional: false, steps: [] };
  const dueTime = calendar.dueAt(at, due);
  const rungs = reminders.map((rung) => ({ rung, time: rungAt(calendar, dueTime, rung) }));
  return {
    dueAt: dueTime.at,
    provisional: dueTime.provisional,
    ladderProvisional: dueTime.provisional || rungs.some(({ time }) => time.provisional),
    steps: stepsOf(
      rungs.map(({ rung, time }) => ({ ...rung, at: time.at })),
      at,
    ),
  };
};

/** A notice's times for everybody: one timetable for each calendar. */
export const timetablesOf = (calendars: Calendars, draft: Timed, at: Date): readonly [Timetable, ...Timetable[]] => {
  const table = ({ lft, rgt, calendar }: Calendars[number]): Timetable => ({
    ...{ lft, rgt, ...planBy(calendar, draft, at) },
    hours: calendar.pushHours(at, 0),
  });
  const [whole, ...units] = calendars;
  return [table(whole), ...units.map(table)];
};

/** When people may be disturbed now, for each calendar. */
export const hoursNow = (calendars: Calendars, now: Date): readonly [HoursOfUnits, ...HoursOfUnits[]] => {
  const of = ({ lft, rgt, calendar }: Calendars[number]) => ({ lft, rgt, hours: calendar.pushHours(now, GRACE_MS) });
  const [whole, ...units] = calendars;
  return [of(whole), ...units.map(of)];
};
