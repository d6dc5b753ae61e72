import { type Place, type Problem, problem, type Reason, reason } from "./problem.ts";
import { visibleText } from "./visible-text.ts";

/** A row by header; a column that the file does not have is absent, which is not the same as empty. */
export type Cells = Readonly<Record<string, string>>;

/** Reads the cells of one row; what is wrong with them gathers in `problems`, and then the value is null. */
export interface CellReader {
  readonly problems: readonly Problem[];
  has(column: string): boolean;
  /** What stands in the cell, visible and trimmed; empty for an absent column. */
  plain(column: string): string;
  wrong(column: string, why: Reason, value?: string): null;
  /** A text that must be there. */
  text(column: string, most: number): string | null;
  /** One of the words, or null for an empty cell. */
  word<Word extends string>(column: string, words: readonly Word[]): Word | null;
  /** Words separated by semicolons, each once. */
  words<Word extends string>(column: string, words: readonly Word[]): readonly Word[];
}

/** Half-width and full-width: both are on the keyboards of those who write these files. */
const SEPARATOR = /[;；]/u;

const isWord = <Word extends string>(words: readonly Word[], text: string): text is Word =>
  (words as readonly string[]).includes(text);

export const cellReader = (at: Place, cells: Cells): CellReader => {
  const problems: Problem[] = [];
  const plain = (column: string): string => visibleText(cells[column] ?? "");
  const wrong = (column: string, why: Reason, value = plain(column)): null => {
    problems.push(problem(at, why, { column, value }));
    return null;
  };
  const known = <Word extends string>(column: string, words: readonly Word[], text: string): Word | null =>
    isWord(words, text) ? text : wrong(column, reason("unknown-word", { known: words.join(", ") }), text);
  return {
    problems,
    plain,
    wrong,
    has: (column) => cells[column] !== undefined,
    text(column, most) {
      const text = plain(column);
      if (text === "") return wrong(column, reason("empty"));
      return text.length > most ? wrong(column, reason("too-long", { most })) : text;
    },
    word(column, words) {
      const text = plain(column);
      return text === "" ? null : known(column, words, text);
    },
    words(column, words) {
      const read = plain(column)
        .split(SEPARATOR)
        .map((text) => text.trim())
        .filter((text) => text !== "")
        .map((text) => known(column, words, text));
      return [...new Set(read.filter((word) => word !== null))];
    },
  };
};
