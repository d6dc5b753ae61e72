import type { Block, Inline } from "../domain/content.ts";
import { plainText } from "../domain/content.ts";

/** A mark before each point of a list and the line's end after each block count too. */
const OVERHEAD = 5;

const sizeOf = (block: Block): number =>
  plainText([block]).length + OVERHEAD * (block.kind === "list" ? block.items.length : 1);

const inlineText = (nodes: readonly Inline[]): string => plainText([{ kind: "paragraph", children: nodes }]);

/** A sentence's end with what closes it; a clause's end; white space. The first that is found far enough is taken. */
const ENDS = [/[。！？…]["”’」』）)]*|[.!?]["”’)]*(?=\s|$)/gu, /[，、；：;,:]/gu, /\s+/gu];
/** A page that would be shorter than this part of its room is cut at a lesser end. */
const FAR_ENOUGH = 0.5;

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** Where a text that is too long is cut, after at most `most` characters: never within a word or a character if it can be helped. */
const cutAt = (text: string, most: number): number => {
  const room = text.slice(0, most);
  for (const end of ENDS) {
    const last = [...room.matchAll(end)].at(-1);
    const at = last ? last.index + last[0].length : 0;
    if (at >= most * FAR_ENOUGH) return at;
  }
  let at = 0;
  for (const { index, segment } of graphemes.segment(text)) {
    if (index + segment.length > most) break;
    at = index + segment.length;
  }
  return at || most;
};

/** The nodes before and after a place in their text; what they stand in stands around both. */
const split = (nodes: readonly Inline[], at: number): readonly [readonly Inline[], readonly Inline[]] => {
  const before: Inline[] = [];
  const after: Inline[] = [];
  let left = at;
  for (const node of nodes) {
    const length = inlineText([node]).length;
    if (length <= left) before.push(node);
    else if (left <= 0) after.push(node);
    else if ("children" in node) {
      const [head, tail] = split(node.children, left);
      before.push({ ...node, children: head });
      after.push({ ...node, children: tail });
    } else if ("text" in node) {
      before.push({ ...node, text: node.text.slice(0, left) });
      after.push({ ...node, text: node.text.slice(left) });
    }
    left = Math.max(0, left - length);
  }
  return [before, after];
};

type Words = Extract<Block, { children: unknown }>;

/** One block as pieces that each fit. */
const pieces = (block: Words, most: number): readonly Words[] => {
  const text = inlineText(block.children);
  if (text.length + OVERHEAD <= most) return [block];
  const [head, tail] = split(block.children, cutAt(text, most - OVERHEAD));
  return [{ ...block, children: head }, ...pieces({ ...block, children: tail }, most)];
};

/** Points that go on on the next page keep their numbers, which a list of its own would begin anew. */
const points = ({ ordered, items }: Extract<Block, { kind: "list" }>): readonly Words[] =>
  items.map((item, at) => ({
    kind: "paragraph",
    children: [{ kind: "text", text: ordered ? `${at + 1}. ` : "• " }, ...item],
  }));

const fitting = (block: Block, most: number): readonly Block[] => {
  if (sizeOf(block) <= most || block.kind === "rule") return [block];
  const parts = block.kind === "list" ? points(block) : [block];
  return parts.flatMap((part) => pieces(part, most));
};

/**
 * A long text as pages of at most `most` characters each, for platforms whose messages are shorter than a notice may be.
 * Nothing is lost, and nothing is cut within a sentence that could be cut after it.
 */
export const pagesOf = (blocks: readonly Block[], most: number): readonly (readonly Block[])[] => {
  const pages: Block[][] = [];
  let room = 0;
  for (const block of blocks.flatMap((each) => fitting(each, most))) {
    const size = sizeOf(block);
    const page = pages.at(-1);
    if (page && size <= room) page.push(block);
    else {
      pages.push([block]);
      room = most;
    }
    room -= size;
  }
  return pages;
};
