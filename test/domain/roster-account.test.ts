import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ID_EXAMPLES, ID_PLATFORMS, isPlatformId, phoneNumber } from "../../src/domain/roster-account.ts";

describe("a phone", () => {
  it.each([
    ["13800000001", "+8613800000001"],
    ["138 0000-0001", "+8613800000001"],
    ["８６１３８００００００１", null],
    ["１３８００００００01", "+8613800000001"],
    ["8613800000001", "+8613800000001"],
    ["+86 138 0000 0001", "+8613800000001"],
    ["0086 13800000001", "+8613800000001"],
    ["+86 (0834) 2166666", null],
    ["+868342166666", "+868342166666"],
    ["+44 20 7946 0018", "+442079460018"],
    ["12345678901", null],
    ["1380000000", null],
    ["+8612345678901", null],
    ["0834-2166666", null],
    ["+1", null],
    ["none", null],
    ["", null],
  ])("%j is %s", (text, number) => {
    expect(phoneNumber(text)).toBe(number);
  });

  it("that was read is read again as itself", () => {
    const digits = fc.stringMatching(/^\+?[0-9]{5,16}$/);
    fc.assert(
      fc.property(digits, (text) => {
        const number = phoneNumber(text);
        if (number !== null) expect(phoneNumber(number)).toBe(number);
      }),
      { numRuns: 2000 },
    );
  });
});

describe("an id on a platform", () => {
  it("looks as the example for it does", () => {
    for (const platform of ID_PLATFORMS) expect(isPlatformId(platform, ID_EXAMPLES[platform])).toBe(true);
  });

  it.each([
    ["telegram", "1", true],
    ["telegram", "4503599627370495", true],
    ["telegram", "4503599627370496", false],
    ["telegram", "012", false],
    ["telegram", "0", false],
    ["telegram", "-1001234567890", false],
    ["telegram", "@name", false],
    ["slack", "W0123ABC", true],
    ["slack", "u012ab3cd", false],
    ["slack", "C012AB3CD", false],
    ["feishu", "on_123", true],
    ["feishu", "oc_123", false],
    ["feishu", "cli_123", false],
    ["dingtalk", "manager-1.a@b_c", true],
    ["dingtalk", "a b", false],
    ["wecom", "@all", false],
    ["wecom", "x".repeat(64), true],
    ["wecom", "x".repeat(65), false],
  ] as const)("%s %j: %s", (platform, id, is) => {
    expect(isPlatformId(platform, id)).toBe(is);
  });
});
