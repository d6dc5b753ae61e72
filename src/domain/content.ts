/** The words of a notice as a tree: what Markdown says, without HTML and without images. */
export type Inline =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "strong" | "emphasis"; readonly children: readonly Inline[] }
  /** Against the version before; where only text can be shown, `[-deleted-]` and `{+inserted+}`. */
  | { readonly kind: "deleted" | "inserted"; readonly children: readonly Inline[] }
  | { readonly kind: "code"; readonly text: string }
  | { readonly kind: "break" }
  /** `href` is https only. */
  | { readonly kind: "link"; readonly href: string; readonly children: readonly Inline[] };

export type Block =
  | { readonly kind: "paragraph" | "heading" | "quote"; readonly children: readonly Inline[] }
  | { readonly kind: "list"; readonly ordered: boolean; readonly items: readonly (readonly Inline[])[] }
  | { readonly kind: "rule" };

/** How a change shows where there is nothing but text: the signs of wdiff, which need no language. */
const SIGNS: Readonly<Partial<Record<Inline["kind"], readonly [string, string]>>> = {
  deleted: ["[-", "-]"],
  inserted: ["{+", "+}"],
};

const inlineText = (nodes: readonly Inline[]): string =>
  nodes
    .map((node) => {
      if (node.kind === "break") return "\n";
      if (!("children" in node)) return node.text;
      const [open, close] = SIGNS[node.kind] ?? ["", ""];
      return `${open}${inlineText(node.children)}${close}`;
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

export const columnsOf = (text: string): number => [...text].reduce((sum, letter) => sum + columns(letter), 0);

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

/** As much of a text as stands on this many lines. */
export const clipText = (text: string, most: number): string => {
  const { end } = room(text, most);
  return end === text.length ? text : `${[...text.slice(0, end)].slice(0, -1).join("")}…`;
};

/** How many lines a text takes on a card. */
export const linesOf = (text: string): number => room(text, Number.POSITIVE_INFINITY).lines;

/** What is left of a node of which `left` characters fit; null where nothing is. */
const cutNode = (node: Inline, left: number): Inline | null => {
  if ("text" in node) return { ...node, text: node.text.slice(0, left) };
  if (!("children" in node)) return null;
  const inside = left - (SIGNS[node.kind]?.[0].length ?? 0);
  return inside > 0 ? { ...node, children: cut(node.children, inside) } : null;
};

/** The first `end` characters, with what they stand in. */
const cut = (nodes: readonly Inline[], end: number): readonly Inline[] => {
  const kept: Inline[] = [];
  let left = end;
  for (const node of nodes) {
    const { length } = inlineText([node]);
    const part = length <= left ? node : cutNode(node, left);
    if (part) kept.push(part);
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

const ELLIPSIS: Inline = { kind: "text", text: "…" };

/** The last words of it followed by an ellipsis, which they may have already. */
const broken = (nodes: readonly Inline[]): readonly Inline[] =>
  inlineText(nodes).endsWith("…") ? nodes : [...nodes, ELLIPSIS];

/** As many blocks, and as much of the last one, as stand on this many lines; what is cut off shows as an ellipsis. */
export const clipBlocks = (blocks: readonly Block[], most: number): readonly Block[] => {
  const shown: Block[] = [];
  let left = most;
  const take = (nodes: readonly Inline[], isLast: boolean): readonly Inline[] => {
    const part = clip(nodes, left);
    left -= part.lines;
    return left > 0 || isLast ? part.nodes : broken(part.nodes);
  };
  for (const [at, block] of blocks.entries()) {
    if (left <= 0) break;
    const isLast = at === blocks.length - 1;
    if (block.kind === "rule") shown.push(block);
    else if (block.kind === "list") {
      const end = block.items.length - 1;
      const items = block.items.flatMap((item, of) => (left > 0 ? [take(item, isLast && of === end)] : []));
      shown.push({ ...block, items });
    } else shown.push({ ...block, children: take(block.children, isLast) });
  }
  return shown;
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
