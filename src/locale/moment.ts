import { TZDate } from "@date-fns/tz";
import { differenceInCalendarDays, format } from "date-fns";
import type { Moment } from "../dialogue/phrase.ts";
import type { Locale } from "../domain/language.ts";

/** How a moment reads: the key of the sentence around it, and its parts. */
export interface SpokenMoment {
  readonly key: "time.today" | "time.tomorrow" | "time.yesterday" | "time.day" | null;
  readonly time: string;
  readonly day: string;
}

/** Month and day as each language writes them; the year only where it is not this one. */
const dayIn = (locale: Locale, moment: Date, zone: string, sameYear: boolean): string =>
  new Intl.DateTimeFormat(locale === "en" ? "en-GB" : locale, {
    timeZone: zone,
    month: locale === "en" ? "short" : "long",
    day: "numeric",
    ...(sameYear ? {} : { year: "numeric" }),
  }).format(moment);

export const spokenMoment = ({ moment, day }: Moment, locale: Locale, now: Date, zone: string): SpokenMoment => {
  const there = new TZDate(moment, zone);
  const here = new TZDate(now, zone);
  const days = differenceInCalendarDays(there, here);
  const time = format(there, "HH:mm");
  if (days === 0) return { key: day === "always" ? "time.today" : null, time, day: "" };
  if (days === 1) return { key: "time.tomorrow", time, day: "" };
  if (days === -1) return { key: "time.yesterday", time, day: "" };
  return { key: "time.day", time, day: dayIn(locale, moment, zone, there.getFullYear() === here.getFullYear()) };
};
