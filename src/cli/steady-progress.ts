import type { StopRequest } from "./stop-request.ts";
import type { Progress } from "./terminal.ts";

/** Nobody sees more than so many changes a second, and each has its words to be found. */
const EVERY_MS = 100;

/** Shows progress now and then, however often it is told; and ends the command at this point when that was asked for. */
export const steadyProgress = (
  stop: Pick<StopRequest, "check">,
  show: (progress: Progress | null) => void,
): ((progress: Progress | null) => void) => {
  let last = Number.NEGATIVE_INFINITY;
  return (progress) => {
    // What ends has been done: it is not taken back for having been asked too late.
    if (progress === null) return show(null);
    stop.check();
    const now = performance.now();
    if (now - last < EVERY_MS) return;
    last = now;
    show(progress);
  };
};
