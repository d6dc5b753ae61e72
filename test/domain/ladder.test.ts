import { describe, expect, it } from "vitest";
import { LADDERS, parseReminders, stepsOf } from "../../src/domain/ladder.ts";

describe("a ladder of reminders", () => {
  it("has names", () => {
    expect(LADDERS).toEqual(["none", "gentle", "standard", "urgent", "flash", "legal-clock"]);
    expect(parseReminders("none")).toEqual({ rungs: [] });
    expect(parseReminders("standard")).toEqual({
      rungs: [
        { amount: -30, unit: "minutes", deeds: ["remind"], anyHour: false, rule: "-30m" },
        { amount: 0, unit: "minutes", deeds: ["deputy", "above"], anyHour: false, rule: "0" },
        { amount: 1, unit: "working-days", deeds: ["above-2", "visit"], anyHour: false, rule: "+1wd" },
      ],
    });
  });

  it("means by a list of the same rules what a name means, but for the hours of a legal clock", () => {
    for (const name of LADDERS) {
      const read = parseReminders(name);
      if ("wrong" in read) throw new Error(name);
      const again = parseReminders(read.rungs.map(({ rule }) => rule));
      const anyHour = name === "legal-clock";
      expect({ name, again }).toEqual({
        name,
        again: { rungs: read.rungs.map((rung) => ({ ...rung, anyHour: false })) },
      });
      expect(read.rungs.every((rung) => rung.anyHour === anyHour)).toBe(true);
    }
  });

  it("says on a rung what is to happen there", () => {
    expect(parseReminders(["+2h  phone visit"])).toMatchObject({ rungs: [{ amount: 120, deeds: ["phone", "visit"] }] });
    expect(parseReminders(["0 shout"])).toEqual({ wrong: "0 shout" });
    expect(parseReminders(["0 phone phone"])).toEqual({ wrong: "0 phone phone" });
  });

  it("puts rungs in the order of their times, those of one time together, and leaves out what would be past", () => {
    const from = new Date("2026-09-18T01:00:00Z");
    const at = (minutes: number) => new Date(from.getTime() + minutes * 60_000);
    const read = parseReminders(["+1h", "0 above", "0 remind", "-2h"]);
    if ("wrong" in read) throw new Error(read.wrong);
    const rungs = read.rungs.map((rung) => ({ ...rung, at: at(60 + rung.amount) }));
    expect(stepsOf(rungs, from)).toEqual([
      { at: at(60), deeds: ["remind", "above"], anyHour: false },
      { at: at(120), deeds: ["deputy", "above"], anyHour: false },
    ]);
  });

  it.each([
    ["-4h", -240, "minutes"],
    ["+30m", 30, "minutes"],
    ["30m", 30, "minutes"],
    ["-2d", -2880, "minutes"],
    ["0", 0, "minutes"],
    ["+1wd", 1, "working-days"],
    ["-3wd", -3, "working-days"],
  ])("reads the rung %s", (rule, amount, unit) => {
    expect(parseReminders([rule])).toMatchObject({ rungs: [{ amount, unit, rule }] });
  });

  it("keeps the rungs in their order, however many", () => {
    const rules = ["+1wd", "-4h", "0"];
    expect(parseReminders(rules)).toMatchObject({ rungs: rules.map((rule) => ({ rule })) });
    expect(parseReminders([])).toEqual({ rungs: [] });
  });

  it.each([["often"], ["constructor"], ["toString"], ["-30m"], [""]])("has no ladder named %j", (name) => {
    expect(parseReminders(name)).toEqual({ wrong: name });
  });

  it.each(["1", "4wh", "--4h", "- 4h", "12345m", "1w", "", "００"])("names the rung %j that is wrong", (rule) => {
    expect(parseReminders(["0", rule, "nonsense"])).toEqual({ wrong: rule });
  });
});
