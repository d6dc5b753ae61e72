import ora from "ora";
import type { Phrase } from "../dialogue/phrase.ts";
import { phrase } from "../dialogue/phrase.ts";
import type { Progress, Terminal } from "./terminal.ts";

const WIDTH = 80;

const MINUTE_S = 60;
/** Before this nobody can tell how long it takes. */
const EARLIEST_MS = 3_000;

/** How long the rest of a phase takes, judging by what is done of it; null while that would be a guess. */
const timeLeft = () => {
  let phase = "";
  let from = { done: 0, at: 0 };
  return ({ phase: { key }, done, total }: Progress): Phrase | null => {
    const now = performance.now();
    if (key !== phase || done < from.done) {
      phase = key;
      from = { done, at: now };
    }
    const took = now - from.at;
    if (total === null || took < EARLIEST_MS || done === from.done) return null;
    const seconds = Math.ceil(((total - done) * took) / (done - from.done) / 1000);
    return seconds < MINUTE_S * 2
      ? phrase("effort.seconds", { count: seconds })
      : phrase("effort.minutes", { count: Math.ceil(seconds / MINUTE_S) });
  };
};

const words = ({ phase, done, total }: Progress, left: Phrase | null): Phrase => {
  if (total === null) return phrase("cli.progress", { phase, done });
  const far = { phase, done, total, percent: total === 0 ? 100 : Math.floor((done / total) * 100) };
  return left ? phrase("cli.progress.left", { ...far, left }) : phrase("cli.progress.of", far);
};

/** This process's own terminal. Progress shows only where somebody looks at it, and never mixes with the output. */
export const ownTerminal = (say: (words: Phrase) => string): Terminal => {
  const spinner = ora({ stream: process.stderr, isEnabled: process.stderr.isTTY === true, discardStdin: false });
  const left = timeLeft();
  const quietly = (write: () => void): void => {
    const spinning = spinner.isSpinning;
    if (spinning) spinner.clear();
    write();
  };
  return {
    say,
    width: process.stdout.columns ?? WIDTH,
    out: (line) => quietly(() => process.stdout.write(`${line}\n`)),
    err: (line) => quietly(() => process.stderr.write(`${line}\n`)),
    progress: (progress) => {
      if (!process.stderr.isTTY) return;
      if (progress === null) {
        spinner.stop();
        return;
      }
      const text = say(words(progress, left(progress)));
      if (spinner.isSpinning) spinner.text = text;
      else spinner.start(text);
    },
  };
};
