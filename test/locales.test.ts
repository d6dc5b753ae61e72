import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type MessageFormatElement, parse, TYPE } from "@formatjs/icu-messageformat-parser";
import { describe, expect, it } from "vitest";
import en from "../locales/en.json" with { type: "json" };
import zh from "../locales/zh-CN.json" with { type: "json" };

type Words = Readonly<Record<string, string>>;
const LANGUAGES: Readonly<Record<string, Words>> = { en, "zh-CN": zh };

const names = (elements: readonly MessageFormatElement[]): readonly string[] =>
  elements.flatMap((element) => {
    if (element.type === TYPE.literal || element.type === TYPE.pound) return [];
    if (element.type === TYPE.tag) return names(element.children);
    const inner = "options" in element ? Object.values(element.options).flatMap(({ value }) => names(value)) : [];
    return [element.value, ...inner];
  });

const placeholders = (message: string): readonly string[] =>
  [...new Set(names(parse(message, { ignoreTag: true })))].sort();

const sources = readdirSync("src", { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts") && !name.includes("generated"))
  .map((name) => readFileSync(join("src", name), "utf8"))
  .join("\n");

describe("the words", () => {
  it("are the same keys in every language, in order", () => {
    for (const words of Object.values(LANGUAGES)) {
      expect(Object.keys(words)).toEqual(Object.keys(en));
      expect(Object.keys(words)).toEqual([...Object.keys(words)].sort());
    }
  });

  it("ask for the same values in every language", () => {
    for (const key of Object.keys(en))
      expect([key, placeholders((zh as Words)[key] ?? "")]).toEqual([key, placeholders((en as Words)[key] ?? "")]);
  });

  it("are all used: each key stands in the code, or begins like one that is put together there", () => {
    const built = [...sources.matchAll(/`([a-z-]+(?:\.[a-z-]+)*\.)(?:[a-z-]*)\$\{/g)].map(([, stem]) => stem ?? "");
    const unused = Object.keys(en).filter(
      (key) => !sources.includes(`"${key}"`) && !built.some((stem) => key.startsWith(stem)),
    );
    expect(unused).toEqual([]);
  });

  it("have no half-width punctuation between Chinese characters", () => {
    const half = /[\u4e00-\u9fff}][,:;?!][\u4e00-\u9fff{]/u;
    expect(Object.entries(zh).filter(([, message]) => half.test(message.replace(/\{[^{}]*\}/g, "中")))).toEqual([]);
  });

  it("command nobody and shout at nobody", () => {
    const banned = /务必|严肃追责|请高度重视|收到请回复|！|!$/u;
    for (const words of Object.values(LANGUAGES))
      expect(Object.entries(words).filter(([, message]) => banned.test(message))).toEqual([]);
  });
});
