const SECOND = 1_000;

/** How many seconds until another may come, when no more than `most` may in any `window` (milliseconds); 0 when now. */
export const secondsTooEarly = (times: readonly number[], most: number, window: number, now: number): number => {
  const oldest = times.length >= most ? times[times.length - most] : undefined;
  return oldest !== undefined && now - oldest < window ? Math.ceil((oldest + window - now) / SECOND) : 0;
};

/** The most of these moments (milliseconds, in their order) that lie in any sliding second. */
export const worstSecond = (times: readonly number[]): number => {
  let worst = 0;
  let from = 0;
  for (const [at, time] of times.entries()) {
    while (time - (times[from] ?? time) >= SECOND) from += 1;
    worst = Math.max(worst, at - from + 1);
  }
  return worst;
};
