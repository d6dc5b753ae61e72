import type { TZDate } from "@date-fns/tz";
import { set } from "date-fns/set";

export const minuteOf = (moment: TZDate): number =>
  moment.getHours() * 60 + moment.getMinutes() + moment.getSeconds() / 60 + moment.getMilliseconds() / 60_000;

/** A wall-clock time of a day; fractions of a minute down to the millisecond. */
export const atMinute = (day: TZDate, minute: number): TZDate => {
  const milliseconds = Math.round((minute % 1) * 60_000);
  return set(day, {
    hours: Math.floor(minute / 60),
    minutes: Math.floor(minute % 60),
    seconds: Math.floor(milliseconds / 1000),
    milliseconds: milliseconds % 1000,
  });
};
