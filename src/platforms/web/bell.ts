/** Remembers that it rang until somebody has waited for it, so that no ring between two waits is lost. */
export interface Bell {
  ring(): void;
  /** Resolves at once when it rang since the last wait. */
  wait(): Promise<void>;
}

export const bell = (): Bell => {
  let rung = false;
  let wake = (): void => {};
  return {
    ring: () => {
      rung = true;
      wake();
    },
    wait: async () => {
      if (!rung) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      rung = false;
    },
  };
};
