import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pagesOf } from "../../../src/dialogue/pages.ts";
import type { Card } from "../../../src/dialogue/screen.ts";
import type { Block } from "../../../src/domain/content.ts";
import { plainText } from "../../../src/domain/content.ts";
import type { DeliveryId } from "../../../src/domain/ids.ts";
import { drawMessage, TEXT } from "../../../src/platforms/telegram/draw.ts";
import { anyBlocks } from "../../dialogue/any-blocks.ts";
import { parseHtml } from "../../telegram-server/parse-html.ts";

const NASTY = fc.string({ unit: "grapheme", maxLength: 40 });
const WORDS = fc.oneof(
  NASTY,
  fc.constantFrom(
    "<b>",
    "</b>",
    "&lt;",
    "&amp;",
    '"',
    "\u202e",
    "👩‍🚒",
    "请您今天查一遍消防通道。",
    "Check the exits. ",
  ),
);

const blocks = anyBlocks({
  words: WORDS,
  styles: ["strong", "emphasis"],
  hrefs: ["https://example.org/?a=1&b=2", 'https://x/"y'],
});

const bare = (text: string): string => text.replace(/[•\s\d.]/gu, "");

describe("pages of a long text", () => {
  it("hold no more than they may, and together everything", () => {
    fc.assert(
      fc.property(blocks, fc.integer({ min: 60, max: 400 }), (text, most) => {
        const pages = pagesOf(text, most);
        for (const page of pages) expect(plainText(page).length).toBeLessThanOrEqual(most);
        expect(bare(pages.map(plainText).join(""))).toBe(bare(plainText(text)));
      }),
      { numRuns: 300 },
    );
  });

  it("end with a sentence where they can", () => {
    const sentence = "各单位要立即开展一次全面的安全检查，不留死角。";
    const text: readonly Block[] = [{ kind: "paragraph", children: [{ kind: "text", text: sentence.repeat(20) }] }];
    const pages = pagesOf(text, 100);
    expect(pages.length).toBeGreaterThan(4);
    for (const page of pages) expect(plainText(page)).toMatch(/。$/);
    const english = "Check every exit, and then check it again. ";
    const other: readonly Block[] = [{ kind: "paragraph", children: [{ kind: "text", text: english.repeat(20) }] }];
    for (const page of pagesOf(other, 100)) expect(plainText(page).trimEnd()).toMatch(/again\.$/);
  });

  it("keep the numbers of points that go on on the next page", () => {
    const items = Array.from({ length: 9 }, (_, at) => [{ kind: "text", text: `第${at + 1}件事`.repeat(5) } as const]);
    const pages = pagesOf([{ kind: "list", ordered: true, items }], 80);
    expect(pages.flat().map((part) => plainText([part]).slice(0, 3))).toEqual(items.map((_, at) => `${at + 1}. `));
  });
});

const card = (parts: Partial<Card>): Card => ({
  ...{ standing: null, urgency: null, number: null, title: null, content: null, lines: [], items: [], due: null },
  ...{ lead: null, notes: [], buttons: [], form: null, fallback: "x", locale: "zh-CN" },
  ...parts,
});

const parts = { code: () => "x".repeat(32), say: (words: { key: string }) => words.key };

describe("a card as a Telegram message", () => {
  it("reads as it was written, whatever stands in it", () => {
    fc.assert(
      fc.property(blocks, WORDS, fc.nat(3), (text, line, page) => {
        const open = { delivery: 5n as DeliveryId, page };
        const drawn = drawMessage(
          card({ lines: [line], content: { short: text.slice(0, 2), rest: text, open } }),
          parts,
        );
        if (!drawn) return;
        const read = parseHtml(drawn.text);
        if ("problem" in read) throw new Error(read.problem);
        expect(read.text).toContain(line);
        expect(read.text.length).toBeLessThanOrEqual(TEXT);
      }),
      { numRuns: 300 },
    );
  });

  it("unfolds a long text page by page, and folds it again", () => {
    const text: readonly Block[] = Array.from({ length: 60 }, (_, at) => ({
      kind: "paragraph",
      children: [{ kind: "text", text: `${at}：${"安全第一，预防为主。".repeat(20)}` }],
    }));
    const at = (page: number) =>
      drawMessage(
        card({ content: { short: text.slice(0, 1), rest: text, open: { delivery: 5n as DeliveryId, page } } }),
        parts,
      );
    const labels = (page: number) =>
      at(page)
        ?.reply_markup.inline_keyboard.flat()
        .map(({ text: label }) => label);
    expect(labels(0)).toEqual(["telegram.read-all"]);
    expect(labels(1)).toEqual(["telegram.read-on", "telegram.fold"]);
    expect(labels(99)).toEqual(["telegram.fold"]);
    expect(at(1)?.text).toContain("<blockquote expandable>");
    expect(at(2)?.text).not.toBe(at(1)?.text);
  });

  it("puts the answer alone on its row and the others in twos", () => {
    const button = (label: string, primary = false) => ({
      ...{ label, primary, asks: null },
      action: { do: "todo" } as const,
    });
    const drawn = drawMessage(card({ buttons: [button("✅", true), button("a"), button("b"), button("c")] }), parts);
    expect(drawn?.reply_markup.inline_keyboard.map((row) => row.map(({ text }) => text))).toEqual([
      ["✅"],
      ["a", "b"],
      ["c"],
    ]);
  });

  it("numbers the buttons of a list, which stand apart from it", () => {
    const item = (title: string) => ({
      ...{ title, detail: null },
      button: { label: "✅ 知道了", action: { do: "todo" } as const, primary: true, asks: null },
    });
    const drawn = drawMessage(card({ items: [item("甲"), item("乙")] }), parts);
    expect(drawn?.text).toContain("<b>2  乙</b>");
    expect(drawn?.reply_markup.inline_keyboard.flat().map(({ text }) => text)).toEqual([
      "✅ 知道了 · 1",
      "✅ 知道了 · 2",
    ]);
  });
});
