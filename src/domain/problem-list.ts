import type { Problem } from "./problem.ts";

/** So many are kept; of a file that is wrong throughout nobody reads more. */
const MOST_KEPT = 1000;

/** Problems in the order in which somebody mends them, and how many more there are. */
export interface ProblemList {
  readonly problems: readonly Problem[];
  readonly more: number;
}

/** Gathers problems in little memory. `files` in their order. */
export const problemGatherer = (files: readonly string[]) => {
  const kept: Problem[] = [];
  let count = 0;
  const byPlace = (a: Problem, b: Problem): number =>
    files.indexOf(a.file) - files.indexOf(b.file) || (a.line ?? 0) - (b.line ?? 0);
  return {
    add(problems: readonly Problem[]): void {
      for (const each of problems) if (count++ < MOST_KEPT) kept.push(each);
    },
    isEmpty: (): boolean => count === 0,
    /** The first `most` of them by file and line. */
    list(most: number): ProblemList {
      const problems = kept.toSorted(byPlace).slice(0, most);
      return { problems, more: count - problems.length };
    },
  };
};
