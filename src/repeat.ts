import type { Log } from "./ports/log.ts";

/** Repeats something until it is stopped. It never overlaps itself, and a failure is told and tried again. */
export const repeat = (
  name: string,
  everyMs: number,
  work: () => Promise<unknown>,
  log: Log,
): (() => Promise<void>) => {
  let stopped = false;
  let failing = false;
  let wake = () => {};
  const turn = async () => {
    try {
      await work();
      failing = false;
    } catch (err) {
      // A database that is away is told once, not five times a second.
      if (!failing) log.warn(`${name}-failed`, { err });
      failing = true;
    }
  };
  const running = (async () => {
    while (!stopped) {
      await turn();
      if (stopped) break;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, everyMs);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  })();
  return async () => {
    stopped = true;
    wake();
    await running;
  };
};
