import { describe, expect, it } from "vitest";
import en from "../../locales/en.json" with { type: "json" };
import zhCN from "../../locales/zh-CN.json" with { type: "json" };
import type { PhraseKey } from "../../src/dialogue/phrase.ts";
import { phrase } from "../../src/dialogue/phrase.ts";
import { speaker } from "../../src/locale/speaker.ts";

const keys = Object.keys(en) as PhraseKey[];

describe("the words", () => {
  it("are neither empty nor padded", () => {
    // Rows of a list on a terminal are set in, and a name follows "You: ".
    const mayBePadded = (key: string) => /^(preview|renewal)\./.test(key) || key === "web.you";
    const isBad = (words: string, key: string) => words.trim() === "" || (!mayBePadded(key) && words !== words.trim());
    expect(keys.filter((key) => isBad(en[key], key) || isBad(zhCN[key], key))).toEqual([]);
  });

  it("do not shout; the one mark of exclamation stands for overdue in a bar", () => {
    const shouts = keys.filter((key) => /[!！]/u.test(en[key] + zhCN[key]));
    expect(shouts).toEqual(["coverage.legend"]);
  });

  it("have full-width marks between Chinese characters, and no Chinese in English", () => {
    const halfWidth =
      /\p{Script=Han}\s*[,:?;]\s*\p{Script=Han}|\p{Script=Han}[,?;]$|\p{Script=Han}[()]|[()]\p{Script=Han}/u;
    const said = (message: string) => message.replace(/“[^”]*”|\{[^{}]*\}/gu, "字");
    expect(keys.filter((key) => halfWidth.test(said(zhCN[key])))).toEqual([]);
    // The number of a notice is Chinese in any language.
    // Where somebody chooses a language, each stands in its own.
    const both = new Set(["enrol.ask.language", "language.zh", "telegram.menu.language"]);
    const english = (message: string) => message.replace(/\S*〔\d{4}〕\d+号/gu, "");
    const chinese = keys.filter((key) => /\p{Script=Han}|[，。：；？！（）、]/u.test(english(en[key])));
    expect(chinese.filter((key) => !both.has(key))).toEqual([]);
  });

  it("say 您 to people", () => {
    expect(keys.filter((key) => /你/u.test(zhCN[key]))).toEqual([]);
  });
});

describe("saying them", () => {
  const { say, card } = speaker(() => new Date("2026-09-18T02:00:00Z"), "Asia/Shanghai");

  it("puts numbers, words and phrases in their places", () => {
    const count = (value: number) => say(phrase("effort.minutes", { count: value }), "en");
    expect([count(1), count(2)]).toEqual(["1 minute", "2 minutes"]);
    expect(say(phrase("problem.bad-days", { most: 1062 }), "en")).toContain("more than 1,062 of");
    expect(say(phrase("card.takes", { effort: phrase("effort.seconds", { count: 1 }) }), "en")).toBe(
      "⏰ About 1 second",
    );
  });

  it("takes what people wrote as it is, and never as a message", () => {
    const name = "{count} <b>'{'</b> %s $& 周";
    expect(say(phrase("card.issuer", { name }), "zh-CN")).toBe(`${name} 发布`);
    expect(say(phrase("card.issuer", { name }), "en")).toBe(`Issued by ${name}`);
  });

  it("takes thousands as they are: a number of a notice or a year has no separator", () => {
    expect(say(phrase("coverage.line", { fulfilled: 1234, total: 100_000 }), "en")).toBe("1234 of 100000 units");
  });

  it("says a whole screen, and leaves its author's words alone", () => {
    const words = phrase("todo.empty");
    const drawn = card(
      {
        standing: { words, tone: "done" },
        urgency: { words: phrase("urgency.urgent"), weight: "solid" },
        number: "1号",
        title: { text: "{title}", locale: "en" },
        lead: null,
        content: { short: [], rest: null, open: null },
        lines: [words],
        items: [
          {
            title: words,
            detail: null,
            button: { label: phrase("button.read"), action: { do: "help" }, primary: true, asks: words },
          },
        ],
        due: { words, late: true },
        notes: [words],
        buttons: [{ label: phrase("button.help"), action: { do: "help" }, primary: false, asks: null }],
        form: null,
        fallback: words,
      },
      "en",
    );
    const said = "Nothing needs you today.";
    expect(drawn).toEqual({
      lead: null,
      locale: "en",
      standing: { words: said, tone: "done" },
      urgency: { words: "Urgent", weight: "solid" },
      number: "1号",
      title: { text: "{title}", locale: "en" },
      content: { short: [], rest: null, open: null },
      lines: [said],
      items: [
        {
          title: said,
          detail: null,
          button: { label: "✅ Got it", action: { do: "help" }, primary: true, asks: said },
        },
      ],
      due: { words: said, late: true },
      notes: [said],
      buttons: [{ label: "Help", action: { do: "help" }, primary: false, asks: null }],
      form: null,
      fallback: said,
    });
  });
});
