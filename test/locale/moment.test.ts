import { describe, expect, it } from "vitest";
import { at, onDay, phrase } from "../../src/dialogue/phrase.ts";
import { speaker } from "../../src/locale/speaker.ts";

const ZONE = "Asia/Shanghai";
/** Shanghai is eight hours ahead of UTC all year. */
const there = (local: string): Date => new Date(`${local}+08:00`);
const said = (moment: string, now: string, how: typeof at, zone = ZONE): readonly [string, string] => {
  const { say } = speaker(() => there(now), zone);
  const words = phrase("web.when", { at: how(there(moment)) });
  return [say(words, "zh-CN"), say(words, "en")];
};

describe("a moment with its day", () => {
  it.each([
    ["today", "2026-09-18T17:30", "2026-09-18T10:00", "今天 17:30", "today 17:30"],
    ["the first minute of today", "2026-09-18T00:00", "2026-09-18T23:59", "今天 00:00", "today 00:00"],
    ["the last minute of today", "2026-09-18T23:59", "2026-09-18T00:00", "今天 23:59", "today 23:59"],
    ["a minute later, and tomorrow", "2026-09-19T00:00", "2026-09-18T23:59", "明天 00:00", "tomorrow 00:00"],
    ["a minute ago, and yesterday", "2026-09-18T23:59", "2026-09-19T00:00", "昨天 23:59", "yesterday 23:59"],
    ["tomorrow, nearly two days away", "2026-09-19T23:59", "2026-09-18T00:00", "明天 23:59", "tomorrow 23:59"],
    ["the day after tomorrow", "2026-09-20T00:00", "2026-09-18T23:59", "9月20日 00:00", "20 Sep 00:00"],
    ["the day before yesterday", "2026-09-16T23:59", "2026-09-18T00:00", "9月16日 23:59", "16 Sep 23:59"],
    ["another month", "2026-10-01T08:05", "2026-09-18T10:00", "10月1日 08:05", "1 Oct 08:05"],
    ["the end of the year", "2026-12-30T17:30", "2026-12-28T10:00", "12月30日 17:30", "30 Dec 17:30"],
    ["tomorrow, in the next year", "2027-01-01T09:00", "2026-12-31T10:00", "明天 09:00", "tomorrow 09:00"],
    ["another year", "2027-01-04T17:30", "2026-12-31T10:00", "2027年1月4日 17:30", "4 Jan 2027 17:30"],
    ["last year", "2025-12-30T17:30", "2026-01-02T10:00", "2025年12月30日 17:30", "30 Dec 2025 17:30"],
    ["a leap day", "2028-02-29T12:00", "2028-02-20T12:00", "2月29日 12:00", "29 Feb 12:00"],
  ])("reads well: %s", (_, moment, now, zh, en) => {
    expect(said(moment, now, onDay)).toEqual([zh, en]);
  });
});

describe("a moment with its day only where that is not today", () => {
  it.each([
    ["2026-09-18T09:05", "2026-09-18T10:00", "09:05", "09:05"],
    ["2026-09-17T23:59", "2026-09-18T00:00", "昨天 23:59", "yesterday 23:59"],
    ["2026-09-19T00:00", "2026-09-18T23:59", "明天 00:00", "tomorrow 00:00"],
    ["2025-09-18T09:05", "2026-09-18T10:00", "2025年9月18日 09:05", "18 Sep 2025 09:05"],
  ])("%s at %s", (moment, now, zh, en) => {
    expect(said(moment, now, at)).toEqual([zh, en]);
  });
});

describe("the zone", () => {
  it("is the one that was given, not that of the machine", () => {
    expect(process.env.TZ).toBe("America/New_York");
    // 23:30 in Shanghai is 21:00 in Kolkata and noon in New York; half an hour later only Shanghai has a new day.
    expect(said("2026-09-19T00:00", "2026-09-18T23:30", onDay, "Asia/Shanghai")[1]).toBe("tomorrow 00:00");
    expect(said("2026-09-19T00:00", "2026-09-18T23:30", onDay, "Asia/Kolkata")[1]).toBe("today 21:30");
    expect(said("2026-09-19T00:00", "2026-09-18T23:30", onDay, "America/New_York")[1]).toBe("today 12:00");
  });

  it("counts days, not hours, where a day has 25 of them", () => {
    const now = new Date("2026-11-01T04:30:00Z"); // 00:30 in New York, an hour and a half before its clocks go back
    const { say } = speaker(() => now, "America/New_York");
    const day = (utc: string) => say(phrase("web.when", { at: onDay(new Date(utc)) }), "en");
    expect(day("2026-11-02T04:59:00Z")).toBe("today 23:59");
    expect(day("2026-11-02T05:00:00Z")).toBe("tomorrow 00:00");
  });
});
