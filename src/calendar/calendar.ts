import { TZDate } from "@date-fns/tz";
import { addDays } from "date-fns/addDays";
import { format } from "date-fns/format";
import { getYear } from "date-fns/getYear";
import type { Due } from "../domain/due.ts";
import type { Calendar, DueTime } from "../ports/calendar.ts";
import { type DayBook, dayBook } from "./day-book.ts";
import { atMinute, minuteOf } from "./day-time.ts";
import { nextTurn, pushHours } from "./push-hours.ts";

type Hours = ReturnType<DayBook["hours"]>;

/** Walks through days, and remembers whether any of them was only taken to be worked. */
const walk = (book: DayBook) => {
  let provisional = false;
  return {
    hours(date: TZDate): Hours {
      if (!book.knows(getYear(date))) provisional = true;
      return book.hours(format(date, "yyyy-MM-dd"));
    },
    ends: (date: TZDate): DueTime => ({ at: new Date(date.getTime()), provisional }),
  };
};

type Walk = ReturnType<typeof walk>;

/** The day that is so many working days after this one, or before it. */
const workingDay = (way: Walk, from: TZDate, days: number): { readonly date: TZDate; readonly close: number } => {
  let date = from;
  let hours = way.hours(date);
  for (let left = Math.abs(days); left > 0; ) {
    date = addDays(date, Math.sign(days));
    hours = way.hours(date);
    if (hours.length > 0) left -= 1;
  }
  return { date, close: hours.at(-1)?.to ?? 0 };
};

/** A deadline in working days ends with the working hours of its day. */
const afterWorkingDays = (way: Walk, from: TZDate, days: number): DueTime => {
  const { date, close } = workingDay(way, from, days);
  return way.ends(atMinute(date, close));
};

/** Where `minutes` of work end within these hours, counted from `begin`; or how many are left at their close. */
const withinDay = (
  hours: Hours,
  begin: number,
  minutes: number,
): { readonly at: number } | { readonly left: number } => {
  let left = minutes;
  for (const { from, to } of hours) {
    const start = Math.max(from, begin);
    if (start >= to) continue;
    if (left <= to - start) return { at: start + left };
    left -= to - start;
  }
  return { left };
};

const afterWorkingHours = (way: Walk, from: TZDate, hours: number): DueTime => {
  let left = hours * 60;
  let begin = minuteOf(from);
  for (let day = from; ; day = addDays(day, 1), begin = 0) {
    const ends = withinDay(way.hours(day), begin, left);
    if ("at" in ends) return way.ends(atMinute(day, ends.at));
    left = ends.left;
  }
};

const firm = (at: Date): DueTime => ({ at, provisional: false });

const due = (way: Walk, from: TZDate, asked: Due): DueTime => {
  switch (asked.kind) {
    case "moment":
      return firm(asked.at);
    case "clock":
      return firm(new Date(from.getTime() + asked.minutes * 60_000));
    case "working-days":
      return afterWorkingDays(way, from, asked.days);
    case "working-hours":
      return afterWorkingHours(way, from, asked.hours);
  }
};

export interface CalendarOptions {
  readonly zone: string;
  /** What was imported, the outermost unit's first. */
  readonly layers?: Parameters<typeof dayBook>[0];
  /** Ordinary pushes go out at any hour, as many as there are. */
  readonly always?: boolean;
}

/** The working days of the People's Republic of China, told in one IANA zone, with what was imported laid over them. */
export const workCalendar = ({ zone, layers = [], always = false }: CalendarOptions): Calendar => {
  const book = dayBook(layers);
  const there = (moment: Date): TZDate => new TZDate(moment, zone);
  return {
    zone,
    dueAt: (from, asked) => due(walk(book), there(from), asked),
    shift: (at, workingDays) => {
      const way = walk(book);
      return way.ends(workingDay(way, there(at), workingDays).date);
    },
    isWorkingDay(moment) {
      const day = there(moment);
      return book.knows(getYear(day)) ? book.hours(format(day, "yyyy-MM-dd")).length > 0 : null;
    },
    pushHours: (now, graceMs) => pushHours(book, there(now), graceMs, always),
    nextTurn: (now) => nextTurn(book, there(now)),
  };
};
