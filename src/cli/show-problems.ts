import type { PhraseKey } from "../dialogue/phrase.ts";
import { phrase } from "../dialogue/phrase.ts";
import type { Problem } from "../domain/problem.ts";
import type { Terminal } from "./terminal.ts";

/** More than this nobody reads at once; the rest is counted. */
const MOST_SHOWN = 50;

const line = (terminal: Terminal, { file, line, column, position, value, reason }: Problem): string => {
  const place = [file, line, position].filter((part) => part !== null).join(":");
  const why = terminal.say(phrase(`problem.${reason.kind}` as PhraseKey, reason.values));
  const what = [column, value === null ? null : `"${value}"`].filter((part) => part !== null).join(" ");
  return what ? `${place} ${what}: ${why}` : `${place}: ${why}`;
};

/** The same for scripts: the reason by its name and values. */
export const problemsJson = (problems: readonly Problem[], more: number): object => ({
  problems: problems.map(({ reason, ...where }) => ({ ...where, reason: reason.kind, values: reason.values })),
  more,
});

/** Every problem on a line of its own: file, line, column, value and reason; fifty, and how many more there are. */
export const showProblems = (terminal: Terminal, problems: readonly Problem[], more = 0): number => {
  for (const problem of problems.slice(0, MOST_SHOWN)) terminal.err(line(terminal, problem));
  const hidden = problems.length - Math.min(problems.length, MOST_SHOWN) + more;
  if (hidden > 0) terminal.err(terminal.say(phrase("problem.more", { count: hidden })));
  terminal.err(terminal.say(phrase("problem.nothing-changed")));
  return 1;
};
