import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { changesBetween } from "../../src/domain/changes.ts";
import type { Block, Inline } from "../../src/domain/content.ts";
import { plainText } from "../../src/domain/content.ts";
import { parseMarkdown } from "../../src/files/markdown.ts";
import { wording } from "../../src/locale/wording.ts";

const between = (before: string, after: string, locale = "en") =>
  changesBetween(parseMarkdown(before), parseMarkdown(after), wording, locale);
const passages = (before: string, after: string, locale = "en") => plainText(between(before, after, locale).passages);

/** The words of one side alone: without what only the other one has. */
const side = (blocks: readonly Block[], without: "deleted" | "inserted"): string => {
  const of = (nodes: readonly Inline[]): readonly Inline[] =>
    nodes.flatMap((node) => (node.kind === without ? [] : "children" in node ? of(node.children) : [node]));
  const bare = blocks.map((block) => {
    if (block.kind === "rule") return block;
    return block.kind === "list"
      ? { ...block, items: block.items.map(of) }
      : { ...block, children: of(block.children) };
  });
  return plainText(bare).replace(/\n+/g, "\n").trim();
};

describe("the changes between two versions", () => {
  it("are words, also in Chinese, which has no spaces between them", () => {
    expect(passages("Check the east door today.", "Check the west door today.")).toBe(
      "Check the [-east-]{+west+} door today.",
    );
    expect(passages("请在星期三前检查仓库。", "请在星期五前检查仓库。", "zh-CN")).toBe(
      "请在[-星期三-]{+星期五+}前检查仓库。",
    );
  });

  it("leave out what has not changed, and much of what stands far from a change", () => {
    const far = "This is a long sentence that has nothing to do with it. ".repeat(6);
    expect(passages(`One.\n\n${far}Call 110. ${far}\n\nTwo.`, `One.\n\n${far}Call 119. ${far}\n\nTwo.`)).toBe(
      "…has nothing to do with it. Call [-110-]{+119+}. This is a long sentence that…",
    );
  });

  it("tell a point that came and one that went from one that was changed, and where a link leads from its words", () => {
    expect(passages("- doors\n- old lamps at the gate", "- doors\n- fire hoses\n- old lamps at the wall")).toBe(
      "{+fire hoses+}\nold lamps at the [-gate-]{+wall+}",
    );
    expect(passages("[here](https://a.example)", "[here](https://b.example)")).toContain("{+b");
    expect(passages("**Doors** first", "Doors first")).toBe("");
  });

  it("show a text that is another one as gone and come, and do not puzzle it together", () => {
    expect(passages("Lock every gate at night.", "Rain is expected tomorrow")).toBe(
      "[-Lock every gate at night.-]\n{+Rain is expected tomorrow+}",
    );
  });

  it("hold both versions whole, whatever they are", () => {
    const word = fc.constantFrom("door", "gate", "lamp", "check", "today", "消防", "通道", "检查");
    const line = fc.array(word, { minLength: 1, maxLength: 8 }).map((words) => words.join(" "));
    const text = fc.array(fc.tuple(fc.boolean(), line), { maxLength: 6 });
    const blocks = (lines: readonly (readonly [boolean, string])[]): readonly Block[] =>
      parseMarkdown(lines.map(([point, words]) => (point ? `- ${words}` : words)).join("\n\n"));
    fc.assert(
      fc.property(text, text, (one, other) => {
        const [before, after] = [blocks(one), blocks(other)];
        const { whole, passages: some } = changesBetween(before, after, wording, "en");
        expect(side(whole, "inserted")).toBe(side(before, "inserted"));
        expect(side(whole, "deleted")).toBe(side(after, "deleted"));
        expect(some.length === 0).toBe(side(before, "inserted") === side(after, "inserted"));
      }),
    );
  });

  it("come soon, also for the longest texts whose every word stands elsewhere", () => {
    const words = Array.from({ length: 1_800 }, (_, at) => `w${(at * 7919) % 1_801}`);
    const begun = performance.now();
    between(words.join(" "), words.toReversed().join(" "));
    expect(performance.now() - begun).toBeLessThan(4_000);
  });
});
