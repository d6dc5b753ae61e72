import type { TZDate } from "@date-fns/tz";
import { addDays } from "date-fns/addDays";
import { format } from "date-fns/format";
import { startOfDay } from "date-fns/startOfDay";
import type { Span } from "../domain/working-hours.ts";
import type { PushHours } from "../ports/calendar.ts";
import type { DayBook } from "./day-book.ts";
import { atMinute } from "./day-time.ts";

/** 09:30, or when work begins where that is later. */
const DIGEST = 9 * 60 + 30;
/** More would be a stream; the rest goes into the digest. */
const MOST_A_DAY = 2;

const plain = (date: TZDate): Date => new Date(date.getTime());

const hoursOf = (book: DayBook, date: TZDate): readonly Span[] => book.hours(format(date, "yyyy-MM-dd"));

const digestMinute = (hours: readonly Span[]): number => Math.max(DIGEST, hours[0]?.from ?? 0);

/** What comes before work begins goes into the morning's digest, and what comes at noon waits for the afternoon. */
const openOn = (hours: readonly Span[], now: TZDate, graceMs: number): PushHours["open"] => {
  const [first] = hours;
  if (!first || now < atMinute(now, first.from)) return null;
  for (const { from, to } of hours) {
    const [opens, closes] = [atMinute(now, from).getTime(), atMinute(now, to).getTime() + graceMs];
    if (now.getTime() <= closes) return { from: new Date(Math.max(opens, now.getTime())), until: new Date(closes) };
  }
  return null;
};

export const pushHours = (book: DayBook, now: TZDate, graceMs: number, always: boolean): PushHours => {
  const hours = hoursOf(book, now);
  return {
    day: format(now, "yyyy-MM-dd"),
    dayEnds: plain(startOfDay(addDays(now, 1))),
    open: always ? { from: plain(now), until: null } : openOn(hours, now, graceMs),
    digestAt: hours.length > 0 && !always ? plain(atMinute(now, digestMinute(hours))) : null,
    most: always ? null : MOST_A_DAY,
  };
};

export const nextTurn = (book: DayBook, now: TZDate): Date => {
  for (let day = now; ; day = addDays(day, 1)) {
    const hours = hoursOf(book, day);
    const turns = hours.length > 0 ? [digestMinute(hours), ...hours.flatMap(({ from, to }) => [from, to])] : [];
    const next = turns
      .map((minute) => atMinute(day, minute).getTime())
      .filter((at) => at > now.getTime())
      .sort((one, other) => one - other)[0];
    if (next !== undefined) return new Date(next);
  }
};
