import type { Calendars, Overrides, UnitOverrides } from "../ports/calendar.ts";
import { workCalendar } from "./calendar.ts";

/** As far as the bounds of a tree go. */
const WHOLE = { lft: 0, rgt: 2_147_483_647 };

export const NO_OVERRIDES: Overrides = { whole: { zone: null, hours: null, days: [] }, units: [] };

/** Everybody's calendar, and one of its own for each unit that has anything of its own. `zone` is where nothing nearer says. */
export const calendarsOf = ({ whole, units }: Overrides, zone: string, always = false): Calendars => {
  const make = (layers: readonly Omit<UnitOverrides, "lft" | "rgt">[]) =>
    workCalendar({ zone: layers.reduce((found, layer) => layer.zone ?? found, zone), layers, always });
  const above = ({ lft, rgt }: UnitOverrides) => units.filter((other) => other.lft <= lft && rgt <= other.rgt);
  return [
    { ...WHOLE, calendar: make([whole]) },
    ...units.map((unit) => ({ lft: unit.lft, rgt: unit.rgt, calendar: make([whole, ...above(unit)]) })),
  ];
};
