import type { Nodes, Parents, PhrasingContent, RootContent } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";
import type { Block, Inline } from "../domain/content.ts";
import { visibleLines } from "../domain/visible-text.ts";
import { isHttps } from "./https-address.ts";
import { isTooInvolved } from "./markdown-limits.ts";

/** Deeper than this nobody writes, and no text may exhaust the stack. */
const DEEPEST = 20;

const text = (words: string): Inline => ({ kind: "text", text: words });

/** What a node says without its structure: also what becomes of anything that a chat cannot show. */
const bare = (node: Nodes): string => {
  if ("value" in node) return node.value;
  if (node.type === "image" || node.type === "imageReference") return node.alt ?? "";
  return "children" in node ? (node as Parents).children.map(bare).join("") : "";
};

const inlines = (nodes: readonly PhrasingContent[], depth: number): readonly Inline[] =>
  depth > DEEPEST ? nodes.map((node) => text(bare(node))) : nodes.flatMap((node) => inline(node, depth));

const inline = (node: PhrasingContent, depth: number): readonly Inline[] => {
  switch (node.type) {
    case "strong":
      return [{ kind: "strong", children: inlines(node.children, depth + 1) }];
    case "emphasis":
      return [{ kind: "emphasis", children: inlines(node.children, depth + 1) }];
    case "inlineCode":
      return [{ kind: "code", text: node.value }];
    case "break":
      return [{ kind: "break" }];
    case "link":
      return isHttps(node.url)
        ? [{ kind: "link", href: node.url, children: inlines(node.children, depth + 1) }]
        : inlines(node.children, depth + 1);
    default:
      return [text(bare(node))].filter(({ kind, ...rest }) => kind !== "text" || ("text" in rest && rest.text !== ""));
  }
};

/** A list within a list becomes lines of the one around it. */
const items = (node: RootContent, depth: number): readonly (readonly Inline[])[] => {
  if (node.type !== "list" || depth > DEEPEST) return [[text(bare(node))]];
  return node.children.flatMap((item) =>
    item.children.flatMap((part) => {
      if (part.type === "paragraph") return [inlines(part.children, depth)];
      return part.type === "list" ? items(part, depth + 1) : [[text(bare(part))]];
    }),
  );
};

const block = (node: RootContent, depth: number): readonly Block[] => {
  switch (node.type) {
    case "paragraph":
    case "heading":
      return [{ kind: node.type, children: inlines(node.children, depth) }];
    case "thematicBreak":
      return [{ kind: "rule" }];
    case "list":
      return [{ kind: "list", ordered: node.ordered ?? false, items: items(node, depth) }];
    case "blockquote":
      return depth > DEEPEST
        ? [{ kind: "quote", children: [text(bare(node))] }]
        : node.children
            .flatMap((part) => block(part, depth + 1))
            .map((part) => ("children" in part ? { ...part, kind: "quote" as const } : part));
    case "code":
    case "html":
      return [{ kind: "paragraph", children: [text(node.value)] }];
    default:
      return [];
  }
};

/** The words as they are, a paragraph between empty lines. */
const unread = (words: string): readonly Block[] =>
  words
    .split(/\n\s*\n/)
    .filter((part) => part.trim() !== "")
    .map((part) => ({ kind: "paragraph", children: [text(part.trim())] }));

/**
 * Markdown as our own tree. HTML is shown as the text it is, images as their description, links only where they are
 * https; nothing that cannot be seen gets through. What is too involved to be read in good time is shown as it is.
 */
export const parseMarkdown = (words: string): readonly Block[] => {
  const visible = visibleLines(words);
  if (isTooInvolved(visible)) return unread(visible);
  return fromMarkdown(visible).children.flatMap((node) => block(node, 0));
};
