const SIGNALS = ["SIGINT", "SIGTERM"] as const;

/** A stop that takes longer than this is cut off. */
const STOP_WITHIN_MS = 25_000;

/** Resolves when the process is asked to end; asked again, it ends at once. */
export const untilAsked = (): Promise<void> =>
  new Promise((resolve) => {
    const asked = () => {
      for (const signal of SIGNALS) process.removeListener(signal, asked).once(signal, () => process.exit(1));
      resolve();
    };
    for (const signal of SIGNALS) process.once(signal, asked);
  });

/** Ends things in their order, and the process with them when they take too long. */
export const stopWithin = async (stop: () => Promise<void>): Promise<void> => {
  const cut = setTimeout(() => process.exit(1), STOP_WITHIN_MS);
  await stop();
  clearTimeout(cut);
};
