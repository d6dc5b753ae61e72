/** The words of a notice as a tree: what Markdown says, without HTML and without images. */
export type Inline =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "strong" | "emphasis"; readonly children: readonly Inline[] }
  | { readonly kind: "code"; readonly text: string }
  | { readonly kind: "break" }
  /** `href` is https only. */
  | { readonly kind: "link"; readonly href: string; readonly children: readonly Inline[] };

export type Block =
  | { readonly kind: "paragraph" | "heading" | "quote"; readonly children: readonly Inline[] }
  | { readonly kind: "list"; readonly ordered: boolean; readonly items: readonly (readonly Inline[])[] }
  | { readonly kind: "rule" };

const inlineText = (nodes: readonly Inline[]): string =>
  nodes
    .map((node) => {
      if (node.kind === "break") return "\n";
      return "children" in node ? inlineText(node.children) : node.text;
    })
    .join("");

/** The bare words, for counting and for places that cannot show structure. */
export const plainText = (blocks: readonly Block[]): string =>
  blocks
    .map((block) => {
      if (block.kind === "rule") return "";
      return block.kind === "list" ? block.items.map(inlineText).join("\n") : inlineText(block.children);
    })
    .join("\n");

/** A line of a card holds 18 Chinese characters or 36 Latin ones. */
const LINE = 36;
const columns = (letter: string): number => (letter > "\u2e80" ? 2 : 1);

/** How much of a text stands on this many lines: where it ends, and how many lines it really takes. */
const room = (text: string, most: number): { readonly end: number; readonly lines: number } => {
  let line = 1;
  let column = 0;
  let end = 0;
  for (const letter of text) {
    column += columns(letter);
    if (letter === "\n" || column > LINE) {
      line += 1;
      column = letter === "\n" ? 0 : columns(letter);
    }
    if (line > most) return { end, lines: most };
    end += letter.length;
  }
  return { end, lines: line };
};

/** How many lines a text takes on a card. */
export const linesOf = (text: string): number => room(text, Number.POSITIVE_INFINITY).lines;

/** The first `end` characters, with what they stand in. */
const cut = (nodes: readonly Inline[], end: number): readonly Inline[] => {
  const kept: Inline[] = [];
  let left = end;
  for (const node of nodes) {
    const length = inlineText([node]).length;
    if (length <= left) kept.push(node);
    else if ("children" in node) kept.push({ ...node, children: cut(node.children, left) });
    else if ("text" in node) kept.push({ ...node, text: node.text.slice(0, left) });
    left -= length;
    if (left <= 0) break;
  }
  return kept;
};

interface Clipped {
  readonly nodes: readonly Inline[];
  readonly lines: number;
  readonly whole: boolean;
}

/** As much as stands on this many lines; what is cut off shows as an ellipsis. */
const clip = (nodes: readonly Inline[], most: number): Clipped => {
  const text = inlineText(nodes);
  const { end, lines } = room(text, most);
  if (end === text.length) return { nodes, lines, whole: true };
  const last = Array.from(text.slice(0, end)).at(-1) ?? "";
  return { nodes: [...cut(nodes, end - last.length), { kind: "text", text: "…" }], lines, whole: false };
};

const MOST_ITEMS = 3;

const clipItems = (items: readonly (readonly Inline[])[], most: number) => {
  const shown: (readonly Inline[])[] = [];
  let left = most;
  let whole = items.length <= MOST_ITEMS;
  for (const item of items.slice(0, MOST_ITEMS)) {
    const part = left > 0 ? clip(item, left) : null;
    if (part) shown.push(part.nodes);
    whole &&= part?.whole ?? false;
    left -= part?.lines ?? 0;
  }
  return { shown, whole };
};

/**
 * What stands on the card itself: the first paragraph and the first three points after it, as far as `most` lines go.
 * `complete` tells whether that is already everything, so that no "read it all" is offered where there is nothing more
 * to read.
 */
export const excerpt = (
  blocks: readonly Block[],
  most: number,
): { readonly blocks: readonly Block[]; readonly complete: boolean } => {
  const shown: Block[] = [];
  let left = most;
  let whole = true;
  let said = false;
  for (const block of blocks) {
    if (left <= 0 || (said && block.kind !== "list")) break;
    if (block.kind === "list") {
      const items = clipItems(block.items, left);
      shown.push({ ...block, items: items.shown });
      return { blocks: shown, complete: whole && items.whole && shown.length === blocks.length };
    }
    if (block.kind === "rule") {
      shown.push(block);
      continue;
    }
    const part = clip(block.children, left);
    shown.push({ ...block, children: part.nodes });
    left -= part.lines;
    whole &&= part.whole;
    said = block.kind !== "heading";
  }
  return { blocks: shown, complete: whole && shown.length === blocks.length };
};
