import { describe, expect, it } from "vitest";
import { parseReminders } from "../../src/domain/reminders.ts";

describe("a ladder of reminders", () => {
  it("has two names", () => {
    expect(parseReminders("none")).toEqual({ rungs: [] });
    expect(parseReminders("standard")).toEqual({
      rungs: [
        { amount: -30, unit: "minutes", rule: "-30m" },
        { amount: 0, unit: "minutes", rule: "0" },
        { amount: 1, unit: "working-days", rule: "+1wd" },
      ],
    });
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
    expect(parseReminders([rule])).toEqual({ rungs: [{ amount, unit, rule }] });
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
