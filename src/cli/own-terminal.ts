import { once } from "node:events";
import ora from "ora";
import type { Phrase } from "../dialogue/phrase.ts";
import { phrase } from "../dialogue/phrase.ts";
import { steadyProgress } from "./steady-progress.ts";
import type { StopRequest } from "./stop-request.ts";
import type { Progress, Station } from "./terminal.ts";

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
export const ownTerminal = (say: (words: Phrase) => string, stop: StopRequest): Station => {
  const spinner = ora({ stream: process.stderr, isEnabled: process.stderr.isTTY === true, discardStdin: false });
  let isHidden = !process.stderr.isTTY;
  const left = timeLeft();
  const quietly = (write: () => void): void => {
    if (spinner.isSpinning) spinner.clear();
    write();
  };
  const show = (progress: Progress | null): void => {
    if (isHidden) return;
    if (progress === null) spinner.stop();
    else {
      const text = say(words(progress, left(progress)));
      if (spinner.isSpinning) spinner.text = text;
      else spinner.start(text);
    }
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
