import { calendarsOf, NO_OVERRIDES } from "../src/calendar/calendars.ts";
import type { ReadCalendars } from "../src/ports/calendar.ts";

/** The announced calendar, and pushes at any hour: for tests of something else. */
export const anyHour: ReadCalendars = async () => calendarsOf(NO_OVERRIDES, "Asia/Shanghai", true);
