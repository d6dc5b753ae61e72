/** Tells how fast messages have been going out of late. */
export interface Meter {
  count(): void;
  /** Messages a second. */
  speed(): number;
}

const WINDOW_MS = 500;

/** `now` in milliseconds of real time. */
export const meter = (now: () => number): Meter => {
  let since = now();
  let counted = 0;
  let speed = 0;
  return {
    count: () => {
      counted += 1;
    },
    speed: () => {
      const ms = now() - since;
      if (ms >= WINDOW_MS) {
        speed = (counted * 1_000) / ms;
        since += ms;
        counted = 0;
      }
      return speed;
    },
  };
};
