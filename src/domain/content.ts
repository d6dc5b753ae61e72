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

/** A card holds nine lines before its buttons (`ui`), of which the words of a notice may take five. */
const MOST_ITEMS = 3;

/**
 * What stands on the card itself: the first paragraph and the first three points after it. `complete` tells whether
 * that is already everything, so that no "read it all" is offered where there is nothing more to read.
 */
export const excerpt = (
  blocks: readonly Block[],
): { readonly blocks: readonly Block[]; readonly complete: boolean } => {
  const shown: Block[] = [];
  for (const block of blocks) {
    if (block.kind === "list") {
      shown.push({ ...block, items: block.items.slice(0, MOST_ITEMS) });
      return { blocks: shown, complete: shown.length === blocks.length && block.items.length <= MOST_ITEMS };
    }
    if (shown.length > 0) break;
    shown.push(block);
  }
  return { blocks: shown, complete: shown.length === blocks.length };
};
