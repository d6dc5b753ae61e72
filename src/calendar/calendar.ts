import { TZDate } from "@date-fns/tz";
import { addDays } from "date-fns/addDays";
import { format } from "date-fns/format";
import { getYear } from "date-fns/getYear";
import { set } from "date-fns/set";
import type { Due } from "../domain/due.ts";
import type { Calendar } from "../ports/calendar.ts";
import { isWorkday, knowsYear } from "./china.ts";

/** Working hours in minutes after midnight: 08:30–12:00 and 14:00–17:30. */
const HOURS = [
  { from: 8 * 60 + 30, to: 12 * 60 },
  { from: 14 * 60, to: 17 * 60 + 30 },
] as const;
/** A deadline in working days ends with the working hours of its day. */
const CLOSE = HOURS[1].to;

/** The calendar was asked about a year whose holidays are not known yet. */
class UnknownYear extends Error {
  readonly year: number;
  constructor(year: number) {
    super(`no working days known for ${year}`);
    this.year = year;
  }
}

const works = (day: TZDate): boolean => {
  if (!knowsYear(getYear(day))) throw new UnknownYear(getYear(day));
  return isWorkday(format(day, "yyyy-MM-dd"));
};

const minuteOf = (moment: TZDate): number =>
  moment.getHours() * 60 + moment.getMinutes() + moment.getSeconds() / 60 + moment.getMilliseconds() / 60_000;

/** A wall-clock time of a day; fractions of a minute down to the millisecond. */
const atMinute = (day: TZDate, minute: number): TZDate => {
  const milliseconds = Math.round((minute % 1) * 60_000);
  return set(day, {
    hours: Math.floor(minute / 60),
    minutes: Math.floor(minute % 60),
    seconds: Math.floor(milliseconds / 1000),
    milliseconds: milliseconds % 1000,
  });
};

const afterWorkingDays = (from: TZDate, days: number): TZDate => {
  let day = from;
  for (let left = days; left > 0; ) {
    day = addDays(day, 1);
    if (works(day)) left -= 1;
  }
  return atMinute(day, CLOSE);
};

/** Where `minutes` of work end within this day's hours, counted from `begin`; or how many are left at its close. */
const withinDay = (begin: number, minutes: number): { readonly at: number } | { readonly left: number } => {
  let left = minutes;
  for (const { from, to } of HOURS) {
    const start = Math.max(from, begin);
    if (start >= to) continue;
    if (left <= to - start) return { at: start + left };
    left -= to - start;
  }
  return { left };
};

const afterWorkingHours = (from: TZDate, hours: number): TZDate => {
  let left = hours * 60;
  let begin = minuteOf(from);
  for (let day = from; ; day = addDays(day, 1), begin = 0) {
    if (!works(day)) continue;
    const ends = withinDay(begin, left);
    if ("at" in ends) return atMinute(day, ends.at);
    left = ends.left;
  }
};

const due = (from: TZDate, asked: Due): Date => {
  switch (asked.kind) {
    case "moment":
      return asked.at;
    case "clock":
      return new Date(from.getTime() + asked.minutes * 60_000);
    case "working-days":
      return afterWorkingDays(from, asked.days);
    case "working-hours":
      return afterWorkingHours(from, asked.hours);
  }
};

/** The working days of the People's Republic of China, told in one IANA zone. Years that nobody has announced are not guessed. */
export const workCalendar = (zone: string): Calendar => ({
  zone,
  dueAt(from, asked) {
    try {
      return { at: new Date(due(new TZDate(from, zone), asked).getTime()) };
    } catch (error) {
      if (error instanceof UnknownYear) return { unknownYear: error.year };
      throw error;
    }
  },
  isWorkingDay(moment) {
    const day = new TZDate(moment, zone);
    return knowsYear(getYear(day)) ? works(day) : null;
  },
});
