import { createRequire } from "node:module";

interface Arrangement {
  /** Days off and make-up working days, by "yyyy-MM-dd". */
  readonly holidays: Readonly<Record<string, string>>;
  readonly workdays: Readonly<Record<string, string>>;
}

// The library's data and not its functions: those tell the day before on a machine whose own zone lies west of Greenwich.
const require = createRequire(import.meta.url);
const { holidays, workdays } = require("chinese-days/dist/chinese-days.json") as Arrangement;

const known = new Set(Object.keys(holidays).map((day) => Number(day.slice(0, 4))));

/** Whether the State Council's arrangement for this year is among the library's data. */
export const knowsYear = (year: number): boolean => known.has(year);

/** `day` as "yyyy-MM-dd"; make-up working days at weekends included. Says nothing true about a year that is not known. */
export const isWorkday = (day: string): boolean => {
  if (day in workdays) return true;
  return !(day in holidays) && new Date(`${day}T00:00:00Z`).getUTCDay() % 6 !== 0;
};
