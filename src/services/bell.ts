/** Wakes one loop. A ring that nobody waits for is kept for the next wait. */
export interface Bell {
  ring(): void;
  /** Until it rings, at most `ms`. */
  wait(ms: number): Promise<void>;
}

export const bell = (): Bell => {
  let rung = false;
  let wake: (() => void) | null = null;
  return {
    ring: () => {
      rung = true;
      wake?.();
    },
    wait: (ms) =>
      new Promise((resolve) => {
        const timer = setTimeout(() => wake?.(), ms);
        wake = () => {
          clearTimeout(timer);
          wake = null;
          rung = false;
          resolve();
        };
        if (rung) wake();
      }),
  };
};

export const rest = (ms: number): Promise<void> => bell().wait(ms);
