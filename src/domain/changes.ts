import type { Block, Inline } from "./content.ts";
import { columnsOf } from "./content.ts";
import { blocksOf, linesIn, type TextLine } from "./text-lines.ts";
import type { Step, Wording } from "./wording.ts";

/** What a new version of a text says otherwise than the one before. */
export interface Changes {
  /** The changed passages alone, with a few words around each change; empty where nothing has changed. */
  readonly passages: readonly Block[];
  /** The whole new text, with everything that was deleted and inserted in its place. */
  readonly whole: readonly Block[];
}

interface Piece {
  readonly kind: Step["kind"];
  readonly text: string;
}

type Shape = TextLine["shape"];

/** A line as it stands in `whole`, and as a passage; a line that has not changed is no passage. */
interface Marked {
  readonly shape: Shape;
  readonly words: readonly Inline[];
  readonly passage: readonly Inline[] | null;
}

/** A rule has no words that could be marked. */
const inlineOf = ({ kind, text }: Piece): Inline =>
  kind === "same" ? { kind: "text", text } : { kind, children: [{ kind: "text", text }] };

/** So many columns of what has not changed stand before and after a change: about a line of a card. */
const CONTEXT = 32;

const firstWords = (words: readonly string[]): string => {
  let kept = "";
  for (const word of words) {
    if (columnsOf(kept + word) > CONTEXT) break;
    kept += word;
  }
  return kept;
};

const lastWords = (words: readonly string[]): string => {
  let kept = "";
  for (const word of words.toReversed()) {
    if (columnsOf(word + kept) > CONTEXT) break;
    kept = word + kept;
  }
  return kept;
};

/** What has not changed, without what is far from any change. */
const near = (text: string, words: readonly string[], isFirst: boolean, isLast: boolean): string => {
  const most = isFirst || isLast ? CONTEXT : 2 * CONTEXT;
  if (columnsOf(text) <= most) return text;
  const head = isFirst ? "" : firstWords(words).trimEnd();
  const tail = isLast ? "" : lastWords(words).trimStart();
  return `${head}…${tail}`;
};

/** Below this share of common letters two lines are two lines, and not one that was changed. */
const KIN = 0.4;

const lengthOf = (words: readonly string[]): number => words.reduce((sum, word) => sum + word.length, 0);

/** Whether two lines may be kin at all, whatever the order of their words: far cheaper than comparing them in it. */
const mayBeKin = (before: readonly string[], after: readonly string[]): boolean => {
  const left = new Map<string, number>();
  for (const word of before) left.set(word, (left.get(word) ?? 0) + 1);
  const common = after.filter((word) => {
    const count = left.get(word) ?? 0;
    left.set(word, count - 1);
    return count > 0;
  });
  return lengthOf(common) >= KIN * Math.max(lengthOf(before), lengthOf(after));
};

/** The differences between texts of one language. */
const comparer = (wording: Wording, locale: string) => {
  const marked = (shape: Shape, pieces: readonly Piece[]): Marked => ({
    shape,
    words: pieces.map(inlineOf),
    passage: pieces.map((piece, at) => {
      if (piece.kind !== "same") return inlineOf(piece);
      const words = wording.words(piece.text, locale);
      return { kind: "text", text: near(piece.text, words, at === 0, at === pieces.length - 1) };
    }),
  });

  /** The later line as a change of the earlier one; null where they have little in common. */
  const changed = (before: TextLine, after: TextLine): Marked | null => {
    const [old, next] = [wording.words(before.text, locale), wording.words(after.text, locale)];
    if (!mayBeKin(old, next)) return null;
    const pieces = wording.steps(old, next).map(({ kind, values }) => ({ kind, text: values.join("") }));
    const same = pieces.reduce((sum, { kind, text }) => sum + (kind === "same" ? text.length : 0), 0);
    return same >= KIN * Math.max(before.text.length, after.text.length) ? marked(after.shape, pieces) : null;
  };

  const lone = (kind: "inserted" | "deleted", { shape, text }: TextLine): Marked => marked(shape, [{ kind, text }]);

  /** Each line that went, as a change of the next one that came and is kin; the others went and came whole. */
  const replaced = (gone: readonly TextLine[], came: readonly TextLine[]): readonly Marked[] => {
    const lines: Marked[] = [];
    let next = 0;
    for (const line of gone) {
      const found = came.slice(next).map((other) => changed(line, other));
      const at = found.findIndex((one) => one !== null);
      if (at < 0) lines.push(lone("deleted", line));
      else lines.push(...came.slice(next, next + at).map((one) => lone("inserted", one)), found[at] as Marked);
      next += at < 0 ? 0 : at + 1;
    }
    return [...lines, ...came.slice(next).map((one) => lone("inserted", one))];
  };

  return { replaced };
};

/** More lines in one place than these are not looked through for kin. */
const MOST_REPLACED = 60;

/** Texts as lines, and how one becomes the other. */
const markedLines = (
  before: readonly TextLine[],
  after: readonly TextLine[],
  wording: Wording,
  locale: string,
): readonly Marked[] => {
  const { replaced } = comparer(wording, locale);
  const lines: Marked[] = [];
  let [old, next] = [0, 0];
  let gone: readonly TextLine[] = [];
  const settle = (came: readonly TextLine[]): void => {
    const many = gone.length + came.length > MOST_REPLACED;
    lines.push(...(many ? [...replaced(gone, []), ...replaced([], came)] : replaced(gone, came)));
    gone = [];
  };
  for (const { kind, values } of wording.steps(before.map(keyOf), after.map(keyOf))) {
    if (kind === "deleted") gone = before.slice(old, old + values.length);
    else if (kind === "inserted") settle(after.slice(next, next + values.length));
    else {
      settle([]);
      const kept = after.slice(next, next + values.length);
      lines.push(...kept.map(({ shape, words }) => ({ shape, words, passage: null })));
    }
    old += kind === "inserted" ? 0 : values.length;
    next += kind === "deleted" ? 0 : values.length;
  }
  settle([]);
  return lines;
};

/** Lines are the same where they say the same in the same shape. */
const keyOf = ({ shape, text }: TextLine): string => `${shape === "rule" ? "rule" : ""}\u0000${text}`;

/** What has changed from one version to the next, word by word. */
export const changesBetween = (
  before: readonly Block[],
  after: readonly Block[],
  wording: Wording,
  locale: string,
): Changes => {
  const lines = markedLines(linesIn(before), linesIn(after), wording, locale).filter(
    ({ shape, passage }) => shape !== "rule" || passage === null,
  );
  const passages = lines.flatMap(({ shape, passage }) => (passage ? [{ shape, words: passage }] : []));
  return { passages: blocksOf(passages), whole: blocksOf(lines) };
};
