import { describe, expect, it } from "vitest";
import { localeOf } from "../../src/domain/language.ts";
import { ANSWERING_POSTS, POSTS, parsePost } from "../../src/domain/post.ts";
import { within } from "../../src/domain/unit.ts";

describe("the language that a tag asks for", () => {
  it.each([
    ["zh-CN", "zh-CN"],
    ["zh", "zh-CN"],
    ["zh-Hant-TW", "zh-CN"],
    ["ZH_cn.UTF-8", "zh-CN"],
    ["en", "en"],
    ["EN-gb", "en"],
    ["en_US.UTF-8", "en"],
    ["C", null],
    ["eng", null],
    ["ii-CN", null],
    ["", null],
    ["-en", null],
  ])("%j is %s", (tag, locale) => {
    expect(localeOf(tag)).toBe(locale);
  });

  it("is nobody's where there is no tag", () => {
    expect([localeOf(null), localeOf(undefined)]).toEqual([null, null]);
  });
});

describe("an office", () => {
  it("is read with and without a deputy, for every post", () => {
    for (const post of POSTS) {
      expect(parsePost(post)).toEqual({ post, deputy: false });
      expect(parsePost(`deputy:${post}`)).toEqual({ post, deputy: true });
    }
  });

  it.each([
    "",
    "deputy:",
    "deputy:deputy:principal",
    "Principal",
    " principal",
    "deputy: principal",
    "boss",
    "constructor",
  ])("%j is none", (text) => {
    expect(parsePost(text)).toBeNull();
  });

  it("answers for a unit in this order", () => {
    expect(ANSWERING_POSTS).toEqual(["principal", "official", "safety_manager", "liaison"]);
  });
});

describe("lying within a unit", () => {
  it.each([
    ["itself", { lft: 2, rgt: 5 }, true],
    ["a child", { lft: 3, rgt: 4 }, true],
    ["the parent", { lft: 1, rgt: 6 }, false],
    ["the one before", { lft: 0, rgt: 1 }, false],
    ["the one after", { lft: 6, rgt: 7 }, false],
  ])("is decided for %s", (_, unit, expected) => {
    expect(within(unit, { lft: 2, rgt: 5 })).toBe(expected);
  });
});
