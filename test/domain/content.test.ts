import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Block, Inline } from "../../src/domain/content.ts";
import { excerpt, linesOf, plainText } from "../../src/domain/content.ts";

const text = (words: string): Inline => ({ kind: "text", text: words });
const paragraph = (...words: string[]): Block => ({ kind: "paragraph", children: words.map(text) });
const list = (...items: string[]): Block => ({
  kind: "list",
  ordered: false,
  items: items.map((item) => [text(item)]),
});
const heading: Block = { kind: "heading", children: [text("要求")] };
const rule: Block = { kind: "rule" };

describe("the bare words", () => {
  it("are those of every kind of block, a line each", () => {
    const link: Inline = {
      kind: "link",
      href: "https://a.example",
      children: [{ kind: "strong", children: [text("b")] }],
    };
    const blocks: Block[] = [
      heading,
      { kind: "paragraph", children: [text("a "), link, { kind: "break" }, { kind: "code", text: "c" }] },
      rule,
      list("d", "e"),
    ];
    expect(plainText(blocks)).toBe("要求\na b\nc\n\nd\ne");
    expect(plainText([])).toBe("");
  });
});

describe("how many lines a text takes", () => {
  it.each([
    ["", 1],
    ["字".repeat(18), 1],
    ["字".repeat(19), 2],
    ["a".repeat(36), 1],
    ["a".repeat(37), 2],
    [`${"字".repeat(17)}ab`, 1],
    [`${"字".repeat(17)}a字`, 2],
    ["a\nb", 2],
    ["字".repeat(37), 3],
  ])("%j: %i", (words, lines) => {
    expect(linesOf(words)).toBe(lines);
  });
});

describe("what stands on the card itself", () => {
  it.each<[string, Block[], Block[], boolean]>([
    ["nothing", [], [], true],
    ["one paragraph", [paragraph("a")], [paragraph("a")], true],
    ["the first of two paragraphs", [paragraph("a"), paragraph("b")], [paragraph("a")], false],
    ["a paragraph and its points", [paragraph("a"), list("1", "2")], [paragraph("a"), list("1", "2")], true],
    ["three points of four", [paragraph("a"), list("1", "2", "3", "4")], [paragraph("a"), list("1", "2", "3")], false],
    ["points without a paragraph", [list("1")], [list("1")], true],
    ["points, and not what follows them", [list("1"), paragraph("a")], [list("1")], false],
    [
      "a heading with what stands under it",
      [heading, paragraph("a"), list("1")],
      [heading, paragraph("a"), list("1")],
      true,
    ],
    [
      "a quote like a paragraph",
      [{ kind: "quote", children: [text("q")] }, paragraph("a")],
      [{ kind: "quote", children: [text("q")] }],
      false,
    ],
    ["no rule between paragraph and points", [paragraph("a"), rule, list("1")], [paragraph("a")], false],
  ])("is %s", (_, blocks, shown, complete) => {
    expect(excerpt(blocks, 5)).toEqual({ blocks: shown, complete });
  });

  it("is cut where its lines end, and says so", () => {
    const { blocks, complete } = excerpt([paragraph("字".repeat(60)), list("1")], 2);
    expect(complete).toBe(false);
    expect(plainText(blocks)).toBe(`${"字".repeat(35)}…`);
  });

  it("is cut inside of what is emphasised or linked, which stays what it is", () => {
    const link: Inline = { kind: "link", href: "https://a.example", children: [text("a".repeat(50))] };
    expect(excerpt([{ kind: "paragraph", children: [text("b"), link] }], 1).blocks).toEqual([
      {
        kind: "paragraph",
        children: [text("b"), { ...link, children: [text("a".repeat(34))] }, text("…")],
      },
    ]);
  });

  it("gives the points what the paragraph leaves", () => {
    const { blocks, complete } = excerpt([paragraph("字".repeat(36)), list("1", "字".repeat(20), "3")], 4);
    expect(blocks).toEqual([
      paragraph("字".repeat(36)),
      { kind: "list", ordered: false, items: [[text("1")], [text("字".repeat(17)), text("…")]] },
    ]);
    expect(complete).toBe(false);
  });

  const letters = fc.stringMatching(/^[a字𠮷 \n]{0,80}$/u);
  const inline = fc.oneof<fc.Arbitrary<Inline>[]>(
    letters.map(text),
    fc.constant<Inline>({ kind: "break" }),
    letters.map((words): Inline => ({ kind: "strong", children: [text(words)] })),
  );
  const line = fc.array(inline, { maxLength: 3 });
  const block = fc.oneof<fc.Arbitrary<Block>[]>(
    fc.record({ kind: fc.constantFrom("paragraph" as const, "heading" as const, "quote" as const), children: line }),
    fc.record({ kind: fc.constant("list" as const), ordered: fc.boolean(), items: fc.array(line, { maxLength: 5 }) }),
    fc.constant<Block>(rule),
  );

  it("never takes more lines than there are, never splits a character, and is complete only if it is all", () => {
    fc.assert(
      fc.property(fc.array(block, { maxLength: 4 }), fc.integer({ min: 1, max: 9 }), (blocks, most) => {
        const shown = excerpt(blocks, most);
        const words = shown.blocks.filter(({ kind }) => kind !== "rule");
        const lines = words.flatMap((one) =>
          one.kind === "list" ? one.items.map((item) => ({ kind: "paragraph" as const, children: item })) : [one],
        );
        const taken = lines.reduce((sum, one) => sum + linesOf(plainText([one])), 0);
        expect(taken).toBeLessThanOrEqual(most);
        // Half a character cannot be written as UTF-8.
        expect(Buffer.from(plainText(shown.blocks)).toString()).toBe(plainText(shown.blocks));
        expect(shown.complete).toBe(JSON.stringify(shown.blocks) === JSON.stringify(blocks));
      }),
      { numRuns: 500 },
    );
  });
});
