import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Block, plainText } from "../../src/domain/content.ts";
import { parseMarkdown } from "../../src/files/markdown.ts";

const words = (text: string) => ({ kind: "text", text });
const paragraph = (...children: unknown[]) => ({ kind: "paragraph", children });

describe("Markdown", () => {
  it("becomes paragraphs, headings, quotations, rules and lists", () => {
    expect(parseMarkdown("## 一、要求\n\n三件事：\n\n> 摘自原文\n\n---\n\n1. 查\n2. 改\n")).toEqual([
      { kind: "heading", children: [words("一、要求")] },
      paragraph(words("三件事：")),
      { kind: "quote", children: [words("摘自原文")] },
      { kind: "rule" },
      { kind: "list", ordered: true, items: [[words("查")], [words("改")]] },
    ]);
  });

  it("keeps what is strong, emphatic, code, a break, and a link by https", () => {
    expect(parseMarkdown("**今天** *下班* `A-1`  \n[原文](https://example.org/a)")).toEqual([
      paragraph(
        { kind: "strong", children: [words("今天")] },
        words(" "),
        { kind: "emphasis", children: [words("下班")] },
        words(" "),
        { kind: "code", text: "A-1" },
        { kind: "break" },
        { kind: "link", href: "https://example.org/a", children: [words("原文")] },
      ),
    ]);
  });

  it("makes one list of lists within lists, in their order", () => {
    expect(parseMarkdown("- 甲\n  - 乙\n    - 丙\n- 丁")).toEqual([
      { kind: "list", ordered: false, items: [[words("甲")], [words("乙")], [words("丙")], [words("丁")]] },
    ]);
  });

  it.each([
    ["HTML on its own", "<script>alert(1)</script>", "<script>alert(1)</script>"],
    ["HTML within a line", "看 <b>这里</b>", "看 <b>这里</b>"],
    ["a picture", "![一张图](https://example.org/a.png)", "一张图"],
    ["a link by http", "[原文](http://example.org)", "原文"],
    ["a link that runs", "[点](javascript:alert(1))", "点"],
    ["a link to data", "[点](data:text/html,x)", "点"],
    ["a link to nowhere", "[点](https://)", "点"],
    ["code over several lines", "```\na\nb\n```", "a\nb"],
    ["what cannot be seen", "a\u202eb\u200bc\u0007d\u2066e", "abcde"],
  ])("shows %s as text", (_, markdown, shown) => {
    const blocks = parseMarkdown(markdown);
    expect(plainText(blocks)).toBe(shown);
    expect(JSON.stringify(blocks)).not.toContain('"link"');
  });

  it("never throws, and never makes a link that is not https", () => {
    const signs = fc.constantFrom(
      "*",
      "_",
      "[",
      "](",
      ")",
      "<",
      ">",
      "\n",
      "- ",
      "1. ",
      "`",
      "!",
      "\\",
      "http://",
      "a",
      "中",
      "&#x202e;",
    );
    const links = (value: unknown): readonly string[] =>
      typeof value !== "object" || value === null
        ? []
        : Object.entries(value).flatMap(([key, inner]) => (key === "href" ? [String(inner)] : links(inner)));
    fc.assert(
      fc.property(fc.array(signs, { maxLength: 120 }), (parts) => {
        for (const href of links(parseMarkdown(parts.join("")))) expect(href).toMatch(/^https:/i);
      }),
    );
  });
});

describe("text that would take minutes to read", () => {
  it.each([
    ["lists in lists", "- "],
    ["quotations in quotations", ">"],
    ["emphasis that is never closed", "*a_ "],
    ["stars around a letter", "*"],
    ["headings underlined", "a\n=\n"],
    ["brackets", "[a]["],
    ["ordered lists", "1. "],
  ])("is shown as it is: %s", (_, part) => {
    const begun = performance.now();
    const blocks: readonly Block[] = parseMarkdown(part.repeat(20_000 / part.length));
    expect(performance.now() - begun).toBeLessThan(1000);
    expect(blocks.map(({ kind }) => kind)).toEqual(["paragraph"]);
  });

  it("may be long if it is plain", () => {
    expect(parseMarkdown("安全第一。\n\n".repeat(300))).toHaveLength(300);
  });
});
