import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Card } from "../../src/dialogue/screen.ts";
import type { Locale } from "../../src/domain/language.ts";
import { acceptedLocale } from "../../src/html/accepted-locale.ts";
import { card } from "../../src/html/card.ts";
import { chatLog } from "../../src/html/chat-log.ts";
import { content } from "../../src/html/content.ts";
import { coverageBar, segments } from "../../src/html/coverage-bar.ts";
import { glyphs } from "../../src/html/glyphs.ts";
import { toMarkup } from "../../src/html/html.ts";
import { cards, NOW, talk } from "../platforms/web/cards.ts";

const place = (locale: Locale) => {
  let serial = 0;
  return {
    locale,
    id: "m-5",
    ref: "5",
    press: "/chat/press",
    say: (words: Parameters<typeof talk.say>[0]) => talk.say(words, locale),
    code: ({ do: what }: { readonly do: string }) => `code-${what}`,
    nonce: () => `nonce-${++serial}`,
  };
};
const drawn = (one: Card, locale: Locale = "zh-CN"): string => toMarkup(card(one, place(locale)));
/** Words as they read: without tags. */
const read = (markup: string): string => markup.replace(/<[^>]*>/g, "").replace(/\s+/g, " ");

describe("a card", () => {
  it("says urgency, number, title, what is asked, due and why, in this order", () => {
    const text = read(drawn(cards.notice("zh-CN")));
    const order = ["加急", "青安委办〔2026〕17号", "国庆节前安全防范", "查一遍", "看全文", "17:30", "因为", "✅"];
    const places = order.map((words) => text.indexOf(words));
    expect(places).not.toContain(-1);
    expect(places).toEqual(places.toSorted((one, other) => one - other));
  });

  it("keeps the sign that begins an acknowledging button in the text of the button", () => {
    const label = /<button[^>]*value="code-acknowledge">(.*?)<\/button>/s.exec(drawn(cards.notice("en")))?.[1] ?? "";
    expect(read(label)).toMatch(/^✅/);
  });

  it("posts a button's code from a form that knows its message and is told from every other form", () => {
    const markup = drawn(cards.proxy("zh-CN"));
    const forms = markup.match(/<form .*?<\/form>/gs) ?? [];
    expect(forms).toHaveLength(3);
    for (const form of forms) {
      expect(form).toMatch(/method="post" action="\/chat\/press"/);
      expect(form).toContain('name="ref" value="5"');
      expect(form).toMatch(/<button class="[^"]*" name="code" value="code-/);
    }
    expect(new Set(markup.match(/value="nonce-\d"/g)).size).toBe(3);
  });

  it("puts a labelled field above a button that asks for a sentence", () => {
    const markup = drawn(cards.evidence("zh-CN"));
    const id = /<input class="field" id="([^"]+)" name="text"[^>]*required/.exec(markup)?.[1];
    expect(id).toBeTruthy();
    expect(markup).toContain(`<label for="${id}">`);
  });

  it("marks the words of a notice with the language that they are in", () => {
    const markup = drawn(cards.foreignNotice("zh-CN"));
    expect(markup).toMatch(/<h3 lang="en">Safety/);
    expect(markup).toMatch(/<div class="words" lang="en"><p>Three things/);
    expect(markup).toMatch(/<div class="box wide" lang="zh-CN">/);
  });

  it("holds the full text only where there is more than the card shows", () => {
    expect(drawn(cards.notice("zh-CN"))).toContain("<details");
    const short = { ...cards.notice("zh-CN"), content: { short: [], rest: null, open: null } };
    expect(drawn(short)).not.toContain("<details");
  });

  it("lets nothing through that an author or a unit's name brings along", () => {
    const evil = `"><img src=x onerror=alert(1)>&'`;
    const poisoned = JSON.parse(
      JSON.stringify(cards.proxy("zh-CN"), (key, value: unknown) => {
        if (typeof value === "bigint") return 1;
        return typeof value === "string" && !["do", "tone", "weight", "kind", "locale"].includes(key) ? evil : value;
      }),
    ) as Card;
    const markup = drawn({ ...poisoned, number: evil, title: { text: evil, locale: "en" }, notes: [evil] });
    expect(markup).not.toMatch(/<img|onerror=alert\(1\)>/);
    expect(markup.match(/&quot;&gt;&lt;img/g)?.length).toBeGreaterThan(5);
  });
});

it("links only over https, whatever the content says", () => {
  const link = (href: string) =>
    toMarkup(
      content(
        [{ kind: "paragraph", children: [{ kind: "link", href, children: [{ kind: "text", text: "here" }] }] }],
        ({ key }) => key,
      ),
    );
  expect(link("https://example.org/")).toContain('href="https://example.org/"');
  for (const href of ["javascript:alert(1)", "http://example.org/", " https://x", "data:text/html,x"]) {
    expect(link(href)).toBe("<p>here</p>");
  }
});

it("draws a sign and leaves it in the text", () => {
  expect(read(toMarkup(glyphs("✅ a ⏰ b ↩ c")))).toBe("✅ a ⏰ b ↩ c");
  expect(toMarkup(glyphs("constructor"))).toBe("constructor");
  expect(toMarkup(glyphs("✅")).match(/<svg/g)).toHaveLength(1);
});

it("shows a time above the first message and after each silence", () => {
  const at = (minutes: number) => new Date(NOW.getTime() + minutes * 60_000);
  const turns = [0, 14, 30].map((minutes) => ({
    ref: String(minutes),
    at: at(minutes),
    body: { side: "theirs", text: "x" } as const,
  }));
  expect(toMarkup(chatLog("log", turns, place("zh-CN"), null)).match(/<time/g)).toHaveLength(2);
});

describe("a coverage bar", () => {
  const counts = fc.nat({ max: 100_000 });
  const parts = fc.record({ done: counts, proxy: counts, late: counts, open: counts, unreachable: counts });

  it("is full, in order, and shows whatever counts at least one", () => {
    fc.assert(
      fc.property(parts, fc.constantFrom("row", "wide"), (counted, size) => {
        const shown = segments(counted, size);
        const least = (7 / { row: 120, wide: 260 }[size]) * 100;
        expect(shown.map(({ part }) => part)).toEqual(
          Object.entries(counted)
            .filter(([, count]) => count > 0)
            .map(([part]) => part),
        );
        for (const { percent } of shown) expect(percent).toBeGreaterThanOrEqual(least - 1e-9);
        if (shown.length > 0) expect(shown.reduce((sum, { percent }) => sum + percent, 0)).toBeCloseTo(100);
      }),
    );
  });

  it("says its numbers, and draws nothing where nothing is counted", () => {
    const none = { done: 0, proxy: 0, late: 0, open: 0, unreachable: 0 };
    const markup = toMarkup(coverageBar({ ...none, done: 166, late: 1 }, "166 undertaken, 1 overdue"));
    expect(markup).toContain('role="img" aria-label="166 undertaken, 1 overdue"');
    expect(markup.match(/<rect/g)).toHaveLength(2);
    expect(toMarkup(coverageBar(none, "nothing"))).not.toContain("<rect");
  });
});

it("takes the language that the browser asks for first among ours", () => {
  const table: readonly (readonly [string | null, Locale])[] = [
    [null, "zh-CN"],
    ["", "zh-CN"],
    ["en-GB,en;q=0.9", "en"],
    ["fr,en;q=0.5,zh;q=0.8", "zh-CN"],
    ["zh-TW;q=0.1, en-US;q=0.2", "en"],
    ["en;q=0, zh", "zh-CN"],
    ["de", "zh-CN"],
    ["*;q=nonsense,,;", "zh-CN"],
  ];
  for (const [header, locale] of table) expect(acceptedLocale(header, "zh-CN"), String(header)).toBe(locale);
});
