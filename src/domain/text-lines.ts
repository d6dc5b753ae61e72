import type { Block, Inline } from "./content.ts";

/** A paragraph or a point of a list: what two versions of a text are compared by. */
export interface TextLine {
  readonly shape: "paragraph" | "heading" | "quote" | "rule" | "point" | "step";
  readonly words: readonly Inline[];
  /** The words as they are compared: with the addresses of links, which change what is said. */
  readonly text: string;
}

const compared = (nodes: readonly Inline[]): string =>
  nodes
    .map((node) => {
      if (node.kind === "break") return "\n";
      if (!("children" in node)) return node.text;
      const inside = compared(node.children);
      return node.kind === "link" && node.href !== inside ? `${inside} (${node.href})` : inside;
    })
    .join("");

const line = (shape: TextLine["shape"], words: readonly Inline[]): TextLine => ({
  shape,
  words,
  text: compared(words),
});

/** The lines of a text. */
export const linesIn = (blocks: readonly Block[]): readonly TextLine[] =>
  blocks.flatMap((block) => {
    if (block.kind === "rule") return [line("rule", [])];
    if (block.kind !== "list") return [line(block.kind, block.children)];
    return block.items.map((item) => line(block.ordered ? "step" : "point", item));
  });

/** The text of these lines: points in a row are one list. */
export const blocksOf = (lines: readonly Pick<TextLine, "shape" | "words">[]): readonly Block[] => {
  const blocks: Block[] = [];
  for (const { shape, words } of lines) {
    const last = blocks.at(-1);
    if (shape === "rule") blocks.push({ kind: "rule" });
    else if (shape === "paragraph" || shape === "heading" || shape === "quote")
      blocks.push({ kind: shape, children: words });
    else if (last?.kind === "list" && last.ordered === (shape === "step"))
      blocks[blocks.length - 1] = { ...last, items: [...last.items, words] };
    else blocks.push({ kind: "list", ordered: shape === "step", items: [words] });
  }
  return blocks;
};
