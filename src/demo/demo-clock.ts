import type { Clock } from "../ports/clock.ts";

/** Monday, the first working day after the order of April 2020 became public, at 09:00 in Shanghai. */
export const DEMO_START = new Date("2020-04-13T01:00:00Z");

/** Service time that goes on from where it stood, as fast as real time, and stands still while the demo is stopped. */
export const demoClock = (real: () => Date, from: Date): Clock => {
  const begun = real().getTime();
  return { real, now: () => new Date(from.getTime() + real().getTime() - begun) };
};
