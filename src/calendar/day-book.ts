import type { Span } from "../domain/working-hours.ts";
import { WORKING_HOURS } from "../domain/working-hours.ts";
import type { UnitOverrides } from "../ports/calendar.ts";
import { isWorkday, knowsYear } from "./china.ts";

/** What is known of each day, by "yyyy-MM-dd". */
export interface DayBook {
  /** Whether somebody has said which days of this year are worked. */
  knows(year: number): boolean;
  /** Its working hours; none on a day of rest. Of a year that is not known, Monday to Friday are taken to be worked. */
  hours(day: string): readonly Span[];
}

type Layer = Omit<UnitOverrides, "lft" | "rgt">;

const isWeekday = (day: string): boolean => new Date(`${day}T00:00:00Z`).getUTCDay() % 6 !== 0;

/**
 * The announced days with what was imported laid over them, the outermost layer first. A year counts as known as soon as
 * the first layer, everybody's, names one of its days of rest.
 */
export const dayBook = (layers: readonly Layer[]): DayBook => {
  const days = new Map(layers.flatMap((layer) => layer.days.map((each) => [each.day, each] as const)));
  const [whole] = layers;
  const years = new Set((whole?.days ?? []).filter(({ works }) => !works).map(({ day }) => Number(day.slice(0, 4))));
  const usual = layers.reduce<readonly Span[]>((hours, layer) => layer.hours ?? hours, WORKING_HOURS);
  return {
    knows: (year) => knowsYear(year) || years.has(year),
    hours(day) {
      const own = days.get(day);
      if (own) return own.works ? (own.hours ?? usual) : [];
      const works = knowsYear(Number(day.slice(0, 4))) ? isWorkday(day) : isWeekday(day);
      return works ? usual : [];
    },
  };
};
