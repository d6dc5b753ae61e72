import type { Clock } from "../../src/ports/clock.ts";

/** Service time that travels; real time is this machine's. */
export const travelClock = (): Clock & { travel(ms: number): void } => {
  let ahead = 0;
  return {
    now: () => new Date(Date.now() + ahead),
    real: () => new Date(),
    travel: (ms) => {
      ahead += ms;
    },
  };
};
