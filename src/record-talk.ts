import { dirname, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { cardWords } from "./dialogue/card-words.ts";
import type { Card } from "./dialogue/screen.ts";
import { readCode } from "./domain/invitation-code.ts";

const STORY = fileURLToPath(new URL("../test/stories/story.ts", import.meta.url));

/** What a window said, without what differs from one run to the next: the time of day. */
const timeless = (words: string): string => words.replace(/\d{1,2}:\d{2}/gu, "--:--");

/** The line by which a message is known again. */
export const gist = (card: Card): string =>
  timeless(card.standing?.words ?? card.title?.text ?? cardWords(card).split("\n")[0] ?? "");

const quoted = (text: string): string => JSON.stringify(text);

/** Notes a talk as the story that it was: what people did, and what they saw after it. */
export const recorder = (locale: string) => {
  const steps: string[] = [];
  let seen: string[] = [];
  const flush = (): void => {
    if (seen.length > 0) steps.push(`await talk.sees(${[...new Set(seen)].map(quoted).join(", ")});`);
    seen = [];
  };
  const did = (step: string): void => {
    flush();
    steps.push(step);
  };
  return {
    saw: (card: Card) => void seen.push(gist(card)),
    is: (seat: string) => did(`await talk.is(${quoted(seat)});`),
    pressed: (label: string, text: string | null) =>
      did(`await talk.presses(${quoted(label)}${text === null ? "" : `, ${quoted(text)}`});`),
    wrote: (line: string, code: string) =>
      did(readCode(line) === code ? "await talk.brings();" : `await talk.writes(${quoted(line)});`),
    /** The story as a test file that stands at `path`. */
    story(path: string): string {
      flush();
      const from = relative(dirname(path), STORY);
      return [
        `import { story } from ${quoted(from.startsWith(".") ? from : `./${from}`)};`,
        "",
        `story("goes as it went", ${quoted(locale)}, async (talk) => {`,
        ...steps.map((step) => `  ${step}`),
        "});",
        "",
      ].join("\n");
    },
  };
};
