import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseDue } from "../../src/domain/due.ts";

describe("when a notice is due", () => {
  it.each([
    ["30m", { kind: "clock", minutes: 30 }],
    ["4h", { kind: "clock", minutes: 240 }],
    ["2d", { kind: "clock", minutes: 2880 }],
    ["1wd", { kind: "working-days", days: 1 }],
    ["4wh", { kind: "working-hours", hours: 4 }],
    ["9999d", { kind: "clock", minutes: 14_398_560 }],
    ["007h", { kind: "clock", minutes: 420 }],
    ["2026-09-18T17:30+08:00", { kind: "moment", at: new Date("2026-09-18T09:30:00Z") }],
    ["2026-09-18T17:30:15.5-05:30", { kind: "moment", at: new Date("2026-09-18T23:00:15.500Z") }],
    ["2026-09-18T17:30Z", { kind: "moment", at: new Date("2026-09-18T17:30:00Z") }],
    ["2028-02-29T00:00Z", { kind: "moment", at: new Date("2028-02-29T00:00:00Z") }],
  ])("%s is read", (text, due) => {
    expect(parseDue(text)).toEqual({ ...due, rule: text });
  });

  it.each([
    "",
    "0m",
    "0000wd",
    "10000m",
    "-4h",
    "+4h",
    "4",
    "h",
    "4 h",
    "4H",
    "1w",
    "1.5h",
    "４h",
    " 4h",
    "4h\n",
    "2026-09-18",
    "2026-09-18T17:30",
    "2026-09-18 17:30+08:00",
    "2026-09-18T17:30+0800",
    "2026-09-18T25:00Z",
    "2026-09-18T17:60Z",
    "2026-13-01T17:30Z",
    "2026-09-18T17:30+24:00",
    // Days that JavaScript would move into the next month without a word.
    "2026-02-29T17:30+08:00",
    "2026-02-30T17:30Z",
    "2026-04-31T17:30+08:00",
    "constructor",
  ])("%j is nothing that can be due", (text) => {
    expect(parseDue(text)).toBeNull();
  });

  it("never throws", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        parseDue(text);
      }),
    );
  });
});
