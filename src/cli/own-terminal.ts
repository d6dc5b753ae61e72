import ora from "ora";
import type { Phrase } from "../dialogue/phrase.ts";
import { phrase } from "../dialogue/phrase.ts";
import type { Progress, Terminal } from "./terminal.ts";

const WIDTH = 80;

const words = ({ phase, done, total }: Progress): Phrase =>
  total === null
    ? phrase("cli.progress", { phase, done })
    : phrase("cli.progress.of", { phase, done, total, percent: total === 0 ? 100 : Math.floor((done / total) * 100) });

/** This process's own terminal. Progress shows only where somebody looks at it, and never mixes with the output. */
export const ownTerminal = (say: (words: Phrase) => string): Terminal => {
  const spinner = ora({ stream: process.stderr, isEnabled: process.stderr.isTTY === true, discardStdin: false });
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
      if (progress === null) spinner.stop();
      else if (spinner.isSpinning) spinner.text = say(words(progress));
      else spinner.start(say(words(progress)));
    },
  };
};
