import { TZDate } from "@date-fns/tz";
import { differenceInCalendarDays } from "date-fns/differenceInCalendarDays";
import { format } from "date-fns/format";
import type { Moment } from "../dialogue/phrase.ts";
import type { Locale } from "../domain/language.ts";

/** How a moment reads: the key of the sentence around it, and its parts. */
export interface SpokenMoment {
  readonly key: "time.today" | "time.tomorrow" | "time.yesterday" | "time.day" | null;
  readonly time: string;
  readonly day: string;
}

/** Month and day as each language writes them, and with the year where it is not this one. */
const DAYS: Readonly<Record<Locale, readonly [sameYear: string, otherYear: string]>> = {
  "zh-CN": ["M月d日", "yyyy年M月d日"],
  en: ["d MMM", "d MMM yyyy"],
};

export const spokenMoment = ({ moment, day }: Moment, locale: Locale, now: Date, zone: string): SpokenMoment => {
  const there = new TZDate(moment, zone);
  const here = new TZDate(now, zone);
  const days = differenceInCalendarDays(there, here);
  const time = format(there, "HH:mm");
  if (day === "weekday") {
    const name = new Intl.DateTimeFormat(locale, { timeZone: zone, weekday: "short" }).format(moment);
    return { key: "time.day", time, day: name };
  }
  if (days === 0) return { key: day === "always" ? "time.today" : null, time, day: "" };
  if (days === 1) return { key: "time.tomorrow", time, day: "" };
  if (days === -1) return { key: "time.yesterday", time, day: "" };
  const [sameYear, otherYear] = DAYS[locale];
  return {
    key: "time.day",
    time,
    day: format(there, there.getFullYear() === here.getFullYear() ? sameYear : otherYear),
  };
};
