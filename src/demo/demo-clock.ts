import type { Clock } from "../ports/clock.ts";

/** Monday, the first working day after the order of April 2020 became public, at 09:00 in Shanghai. */
export const DEMO_START = new Date("2020-04-13T01:00:00Z");

/** Service time that can be put forward. */
export interface DemoClock extends Clock {
  /** Never back: nothing that has happened can be to come. */
  skipTo(moment: Date): void;
}

/** Service time that goes on from where it stood, as fast as real time, and stands still while the demo is stopped. */
export const demoClock = (real: () => Date, from: Date): DemoClock => {
  const begun = real().getTime();
  let ahead = 0;
  const now = () => new Date(from.getTime() + real().getTime() - begun + ahead);
  return {
    ...{ real, now },
    skipTo(moment) {
      ahead += Math.max(0, moment.getTime() - now().getTime());
    },
  };
};
