import type { SendOutcome } from "../domain/delivery.ts";

/** So many requests in a row whose fate nobody knows, and the platform is left alone for a while. */
const AFTER = 5;
const FIRST_MS = 1_000;
const LONGEST_MS = 30_000;

/**
 * While the platform is down every request would end in doubt, message by message. After a few in a row nothing is sent
 * for a while, then one is tried, and so on, ever more slowly.
 */
export const breaker = () => {
  let doubts = 0;
  let until = 0;
  return {
    /** How long nothing should be sent yet; 0 when something may. */
    restMs: (real: Date): number => {
      const left = until - real.getTime();
      if (left > 0) return left;
      // The one that is tried now holds the others back until it is known what became of it.
      if (doubts >= AFTER) until = real.getTime() + FIRST_MS;
      return 0;
    },
    saw: ({ kind }: SendOutcome, real: Date): void => {
      doubts = kind === "in-doubt" ? doubts + 1 : 0;
      const times = doubts - AFTER;
      until = times < 0 ? 0 : real.getTime() + Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(times, 10));
    },
  };
};
