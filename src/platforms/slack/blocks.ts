import type {
  KnownBlock,
  RichTextBlock,
  RichTextElement,
  RichTextList,
  RichTextQuote,
  RichTextSection,
} from "@slack/types";
import type { Block, Inline } from "../../domain/content.ts";

/** docs.slack.dev/reference/block-kit */
export const MOST = { section: 3000, header: 150, label: 75, context: 10, message: 50, view: 100 } as const;

/**
 * Words are shown as they are: in `plain_text` and in rich text nothing that anybody wrote is read as a mention, a link or a
 * style (`<!channel>`, `<@U…>`, `*…*`). Emoji in colons would be; `emoji: false` leaves them.
 */
export const plain = (text: string) => ({ type: "plain_text", text, emoji: false }) as const;

/** Pieces of at most `most` characters, no character cut in two. */
const pieces = (text: string, most: number): readonly string[] => {
  const found: string[] = [];
  let piece = "";
  for (const letter of text) {
    if (piece.length + letter.length > most) {
      found.push(piece);
      piece = "";
    }
    piece += letter;
  }
  return piece.trim() === "" ? found : [...found, piece];
};

export const cut = (text: string, most: number): string =>
  text.length <= most ? text : `${pieces(text, most - 1)[0] ?? ""}…`;

export const sections = (lines: readonly string[]): readonly KnownBlock[] =>
  pieces(lines.filter((line) => line.trim() !== "").join("\n"), MOST.section).map((text) => ({
    type: "section",
    text: plain(text),
  }));

/** Small print. */
export const context = (lines: readonly string[]): readonly KnownBlock[] => {
  const elements = lines.filter((line) => line.trim() !== "").map((line) => plain(cut(line, MOST.section)));
  return elements.length === 0 ? [] : [{ type: "context", elements: elements.slice(0, MOST.context) }];
};

interface Style {
  readonly bold?: true;
  readonly italic?: true;
  readonly strike?: true;
  readonly code?: true;
}

const text = (words: string, style: Style): readonly RichTextElement[] =>
  words === "" ? [] : [{ type: "text", text: words, ...(Object.keys(style).length > 0 ? { style } : {}) }];

const inlines = (nodes: readonly Inline[], style: Style = {}): readonly RichTextElement[] =>
  nodes.flatMap((node) => inline(node, style));

/** The words within a link, which takes no elements of its own. */
const bare = (nodes: readonly Inline[]): string =>
  inlines(nodes)
    .map((element) => ("text" in element ? (element.text ?? "") : ""))
    .join("");

const inline = (node: Inline, style: Style): readonly RichTextElement[] => {
  switch (node.kind) {
    case "text":
      return text(node.text, style);
    case "break":
      return text("\n", style);
    case "code":
      return text(node.text, { ...style, code: true });
    case "strong":
    case "inserted":
      return inlines(node.children, { ...style, bold: true });
    case "emphasis":
      return inlines(node.children, { ...style, italic: true });
    case "deleted":
      return inlines(node.children, { ...style, strike: true });
    case "link": {
      const words = bare(node.children);
      const safe = node.href.startsWith("https://") && node.href.length <= MOST.section && words !== "";
      return safe ? [{ type: "link", url: node.href, text: words }] : inlines(node.children, style);
    }
  }
};

const section = (nodes: readonly Inline[], style: Style = {}): RichTextSection => ({
  type: "rich_text_section",
  elements: [...inlines(nodes, style)],
});

type Part = RichTextSection | RichTextList | RichTextQuote;

const part = (block: Block): readonly Part[] => {
  switch (block.kind) {
    case "paragraph":
      return [section(block.children)];
    case "heading":
      return [section(block.children, { bold: true })];
    case "quote":
      return [{ type: "rich_text_quote", elements: [...inlines(block.children)] }];
    case "rule":
      return [section([{ kind: "text", text: "———" }])];
    case "list": {
      const items = block.items.map((item) => section(item)).filter(({ elements }) => elements.length > 0);
      return items.length === 0
        ? []
        : [{ type: "rich_text_list", style: block.ordered ? "ordered" : "bullet", elements: items }];
    }
  }
};

/** Paragraphs that follow each other would run together: a new line parts them. */
const joined = (parts: readonly Part[]): readonly Part[] => {
  const found: Part[] = [];
  for (const next of parts) {
    const last = found.at(-1);
    if (next.type === "rich_text_section" && last?.type === "rich_text_section")
      found[found.length - 1] = {
        ...last,
        elements: [...last.elements, { type: "text", text: "\n" }, ...next.elements],
      };
    else found.push(next);
  }
  return found;
};

/** An author's words. */
export const content = (blocks: readonly Block[]): readonly RichTextBlock[] => {
  const parts = joined(blocks.flatMap(part).filter(({ elements }) => elements.length > 0));
  return parts.length === 0 ? [] : [{ type: "rich_text", elements: [...parts] }];
};
