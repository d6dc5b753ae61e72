import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { workCalendar } from "../../src/calendar/calendar.ts";
import { parseDue } from "../../src/domain/due.ts";

const china = workCalendar("Asia/Shanghai");
const due = (from: string, rule: string, calendar = china) => {
  const parsed = parseDue(rule);
  if (!parsed) throw new Error(rule);
  const found = calendar.dueAt(new Date(from), parsed);
  return "at" in found ? found.at.toISOString() : found.unknownYear;
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

  it("says which year it does not know instead of guessing", () => {
    expect(due("2026-12-31T09:00+08:00", "1wd")).toBe(2027);
    expect(due("2027-03-01T09:00+08:00", "2wh")).toBe(2027);
    expect(china.isWorkingDay(new Date("2027-03-01T09:00+08:00"))).toBeNull();
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
        const at = new Date(String(due(from.toISOString(), `${amount}${unit}`)));
        const clock = new Date(at.getTime() + 8 * 3_600_000).toISOString().slice(11, 16);
        expect(at.getTime()).toBeGreaterThan(from.getTime());
        expect(china.isWorkingDay(at)).toBe(true);
        expect(unit === "wd" ? clock === "17:30" : clock >= "08:30" && clock <= "17:30").toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
