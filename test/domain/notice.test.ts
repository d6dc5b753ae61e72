import { describe, expect, it } from "vitest";
import { normaliseNumber, shortNumber } from "../../src/domain/notice.ts";

describe("the number of a notice", () => {
  it.each([
    ["某安委办〔2026〕17号", "某安委办〔2026〕17号"],
    ["某安委办[2026]17号", "某安委办〔2026〕17号"],
    ["某安委办［2026］17号", "某安委办〔2026〕17号"],
    ["某安委办〔2026]17号", "某安委办〔2026〕17号"],
    ["  某安委办 〔 2026 〕 17 号 ", "某安委办〔2026〕17号"],
    ["某安委办\t[2026]\u300017号\n", "某安委办〔2026〕17号"],
    ["某安委办［２０２６］１７号", "某安委办〔2026〕17号"],
    ["青 安委办〔2026〕1号", "青 安委办〔2026〕1号"],
    ["Safety Office [2026] 9999 号", "Safety Office〔2026〕9999号"],
  ])("%j is written %s", (text, number) => {
    expect(normaliseNumber(text)).toBe(number);
  });

  it("is the same when it is normalised again", () => {
    expect(normaliseNumber(normaliseNumber("某安委办 [2026] 17号") ?? "")).toBe("某安委办〔2026〕17号");
  });

  it.each([
    "",
    "17号",
    "〔2026〕17号",
    "  〔2026〕17号",
    "某安委办2026 17号",
    "某安委办(2026)17号",
    "某安委办（2026）17号",
    "某安委办〔26〕17号",
    "某安委办〔2026〕号",
    "某安委办〔2026〕12345号",
    "某安委办〔2026〕17",
    "某安委办〔2026〕17号之一",
    "某某某某某某某某某某某某某某某某某某某某某〔2026〕17号",
    "某安\n委办〔2026〕17号",
  ])("%j is none", (text) => {
    expect(normaliseNumber(text)).toBeNull();
  });

  it("has a short form that people say", () => {
    expect(shortNumber("某安委办〔2026〕17号")).toBe("17");
    expect(shortNumber("Notice seven")).toBe("Notice seven");
  });
});
