import { once } from "node:events";
import ora from "ora";
import type { Phrase } from "../dialogue/phrase.ts";
import { phrase } from "../dialogue/phrase.ts";
import { steadyProgress } from "./steady-progress.ts";
import type { StopRequest } from "./stop-request.ts";
import type { Progress, Station } from "./terminal.ts";

const WIDTH = 80;

const words = ({ phase, done, total }: Progress): Phrase =>
  total === null
    ? phrase("cli.progress", { phase, done })
    : phrase("cli.progress.of", { phase, done, total, percent: total === 0 ? 100 : Math.floor((done / total) * 100) });

/** This process's own terminal. Progress shows only where somebody looks at it, and never mixes with the output. */
export const ownTerminal = (say: (words: Phrase) => string, stop: StopRequest): Station => {
  const spinner = ora({ stream: process.stderr, isEnabled: process.stderr.isTTY === true, discardStdin: false });
  let isHidden = !process.stderr.isTTY;
  const quietly = (write: () => void): void => {
    if (spinner.isSpinning) spinner.clear();
    write();
  };
  const show = (progress: Progress | null): void => {
    if (isHidden) return;
    if (progress === null) spinner.stop();
    else if (spinner.isSpinning) spinner.text = say(words(progress));
    else spinner.start(say(words(progress)));
  };
  return {
    say,
    width: process.stdout.columns ?? WIDTH,
    out: (line) => quietly(() => process.stdout.write(`${line}\n`)),
    err: (line) => quietly(() => process.stderr.write(`${line}\n`)),
    progress: steadyProgress(stop, show),
    write: async (bytes) => {
      stop.check();
      if (process.stdout.isTTY && !isHidden) {
        show(null);
        isHidden = true;
      }
      if (!process.stdout.write(bytes)) await once(process.stdout, "drain");
    },
  };
};
