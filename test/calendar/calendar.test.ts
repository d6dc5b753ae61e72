import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { workCalendar } from "../../src/calendar/calendar.ts";
import { parseDue } from "../../src/domain/due.ts";

const china = workCalendar({ zone: "Asia/Shanghai" });
const due = (from: string, rule: string, calendar = china) => {
  const parsed = parseDue(rule);
  if (!parsed) throw new Error(rule);
  const { at, provisional } = calendar.dueAt(new Date(from), parsed);
  return at.toISOString() + (provisional ? " provisional" : "");
};

describe("the working calendar", () => {
  it.each([
    ["Friday before a make-up Sunday", "2026-09-18T09:00+08:00", "1wd", "2026-09-20T09:30:00.000Z"],
    ["three days over it", "2026-09-18T09:00+08:00", "3wd", "2026-09-22T09:30:00.000Z"],
    ["over the national holiday", "2026-09-30T09:00+08:00", "10wd", "2026-10-20T09:30:00.000Z"],
    ["over mid-autumn", "2026-09-24T09:00+08:00", "3wd", "2026-09-30T09:30:00.000Z"],
    ["ten plain days", "2026-10-20T09:00+08:00", "10wd", "2026-11-03T09:30:00.000Z"],
    [
      "the first working day after the order of April 2020",
      "2020-04-13T09:00+08:00",
      "1wd",
      "2020-04-14T09:30:00.000Z",
    ],
    ["late at night still belongs to its own day", "2026-10-20T23:59+08:00", "1wd", "2026-10-21T09:30:00.000Z"],
  ])("ends working days at the close of work: %s", (_, from, rule, at) => {
    expect(due(from, rule)).toBe(at);
  });

  it.each([
    ["over lunch", "2026-09-18T11:00+08:00", "2wh", "2026-09-18T07:00:00.000Z"],
    ["to the exact close", "2026-09-18T14:30+08:00", "3wh", "2026-09-18T09:30:00.000Z"],
    ["into the next working day", "2026-09-18T17:00+08:00", "1wh", "2026-09-20T01:00:00.000Z"],
    ["from before work", "2026-09-18T06:00+08:00", "1wh", "2026-09-18T01:30:00.000Z"],
    ["from a rest day", "2026-09-19T12:00+08:00", "4wh", "2026-09-20T06:30:00.000Z"],
  ])("counts working hours inside working hours: %s", (_, from, rule, at) => {
    expect(due(from, rule)).toBe(at);
  });

  it("never uses the calendar for clock time", () => {
    expect(due("2026-09-30T20:00:00Z", "30m")).toBe("2026-09-30T20:30:00.000Z");
    expect(due("2026-09-30T20:00:00Z", "2d")).toBe("2026-10-02T20:00:00.000Z");
    expect(due("2030-01-01T00:00:00Z", "4h")).toBe("2030-01-01T04:00:00.000Z");
  });

  it("takes Monday to Friday for worked in a year that nobody has announced, and says so", () => {
    expect(due("2026-12-31T09:00+08:00", "1wd")).toBe("2027-01-01T09:30:00.000Z provisional");
    expect(due("2027-03-05T17:00+08:00", "2wh")).toBe("2027-03-08T02:00:00.000Z provisional");
    expect(due("2026-12-30T09:00+08:00", "1wd")).toBe("2026-12-31T09:30:00.000Z");
    expect(china.isWorkingDay(new Date("2027-03-01T09:00+08:00"))).toBeNull();
  });

  it("is laid over with what was imported: a year that becomes known, a unit's own days, hours and zone", () => {
    const day = (text: string, works: boolean) => ({ day: text, works, hours: null });
    const whole = { zone: null, hours: null, days: [day("2027-01-01", false), day("2027-01-03", true)] };
    const known = workCalendar({ zone: "Asia/Shanghai", layers: [whole] });
    expect(due("2026-12-31T09:00+08:00", "1wd", known)).toBe("2027-01-03T09:30:00.000Z");
    const hours = [{ from: 10 * 60, to: 19 * 60 }];
    const own = { zone: "Asia/Urumqi", hours, days: [day("2026-09-21", false)] };
    const west = workCalendar({ zone: "Asia/Urumqi", layers: [whole, own] });
    expect(due("2026-09-20T12:00+08:00", "1wd", west)).toBe("2026-09-22T13:00:00.000Z");
    expect(due("2026-09-20T18:00+06:00", "2wh", west)).toBe("2026-09-22T05:00:00.000Z");
    // A holiday of one unit's own does not make the year known to anybody.
    const local = workCalendar({
      zone: "Asia/Shanghai",
      layers: [
        { ...whole, days: [] },
        { ...own, days: [day("2027-05-05", false)] },
      ],
    });
    expect(due("2027-05-04T09:00+08:00", "1wd", local)).toMatch(/^2027-05-06.* provisional$/);
  });

  it("keeps to the wall clock where the clocks are put forward and back", () => {
    const berlin = workCalendar({ zone: "Europe/Berlin" });
    // Spring forward between Saturday and Monday, and back in October.
    expect(due("2026-03-27T12:00+01:00", "1wd", berlin)).toBe("2026-03-30T15:30:00.000Z");
    expect(due("2026-10-23T12:00+02:00", "1wd", berlin)).toBe("2026-10-26T16:30:00.000Z");
    expect(berlin.shift(new Date("2026-03-27T08:00Z"), 1).at.toISOString()).toBe("2026-03-30T07:00:00.000Z");
  });

  it.each([
    ["before work waits for the morning's digest", "2026-09-18T08:10+08:00", null],
    ["at work goes at once", "2026-09-18T09:00+08:00", "09:00-12:00"],
    ["at noon waits for the afternoon", "2026-09-18T12:30+08:00", "14:00-17:30"],
    ["at the close still goes", "2026-09-18T17:30+08:00", "17:30-17:30"],
    ["after work waits for the next digest", "2026-09-18T17:31+08:00", null],
    ["on a Saturday waits", "2026-09-19T10:00+08:00", null],
    ["on a make-up Sunday goes", "2026-09-20T10:00+08:00", "10:00-12:00"],
  ])("says when people may be disturbed: %s", (_, at, expected) => {
    const { open } = china.pushHours(new Date(at), 0);
    const clock = (moment: Date | null) => new Date(Number(moment) + 8 * 3_600_000).toISOString().slice(11, 16);
    expect(open && `${clock(open.from)}-${clock(open.until)}`).toBe(expected);
  });

  it("knows make-up days, holidays and its zone", () => {
    expect(china.isWorkingDay(new Date("2026-09-20T09:00+08:00"))).toBe(true);
    expect(china.isWorkingDay(new Date("2026-10-01T09:00+08:00"))).toBe(false);
    expect(china.isWorkingDay(new Date("2026-09-18T16:30:00Z"))).toBe(false);
  });

  it.each(["America/Los_Angeles", "UTC", "Asia/Shanghai", "Pacific/Auckland"])(
    "is the same whatever the machine's own zone: %s",
    (zone) => {
      const before = process.env.TZ;
      process.env.TZ = zone;
      try {
        expect(due("2026-09-30T09:00+08:00", "10wd")).toBe("2026-10-20T09:30:00.000Z");
        expect(due("2026-09-18T17:00+08:00", "1wh")).toBe("2026-09-20T01:00:00.000Z");
      } finally {
        process.env.TZ = before;
      }
    },
  );

  it("covers 2004 to 2026 and no other year", () => {
    const years = Array.from({ length: 40 }, (_, i) => 1995 + i);
    const covered = years.filter((year) => china.isWorkingDay(new Date(`${year}-06-15T12:00+08:00`)) !== null);
    expect([covered[0], covered.at(-1), covered.length]).toEqual([2004, 2026, 23]);
  });

  it("is due after it began, on a working day, at or before the close", () => {
    const days = fc.date({ min: new Date("2020-01-01"), max: new Date("2026-10-01"), noInvalidDate: true });
    fc.assert(
      fc.property(days, fc.integer({ min: 1, max: 20 }), fc.constantFrom("wd", "wh"), (from, amount, unit) => {
        const at = new Date(due(from.toISOString(), `${amount}${unit}`));
        const clock = new Date(at.getTime() + 8 * 3_600_000).toISOString().slice(11, 16);
        expect(at.getTime()).toBeGreaterThan(from.getTime());
        expect(china.isWorkingDay(at)).toBe(true);
        expect(unit === "wd" ? clock === "17:30" : clock >= "08:30" && clock <= "17:30").toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
