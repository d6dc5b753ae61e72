import days from "chinese-days";

const known = new Map<number, boolean>();

/**
 * Whether the State Council's arrangement for this year is among the library's data. Without this question the library
 * calls every Monday to Friday of a year it does not know a working day.
 */
export const knowsYear = (year: number): boolean => {
  const found = known.get(year) ?? days.getHolidaysInRange(`${year}-01-01`, `${year}-12-31`, false).length > 0;
  known.set(year, found);
  return found;
};

/** `day` as "yyyy-MM-dd"; make-up working days at weekends included. */
export const isWorkday = (day: string): boolean => days.isWorkday(day);
