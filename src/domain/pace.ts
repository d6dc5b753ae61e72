/** Where an even flow stands: the moment at which its next grain is due, in microseconds. */
export interface Pace {
  readonly due: number;
}

/**
 * The generic cell rate algorithm (ITU-T I.371, annex A) for whole microseconds: how many of `want` may go at `now`, and if
 * none, in how many milliseconds the next may. `burst` may go at once after a rest.
 */
export const keepPace = (
  pace: Pace,
  { perSecond, burst }: { readonly perSecond: number; readonly burst: number },
  want: number,
  now: Date,
): { readonly pace: Pace; readonly granted: number; readonly waitMs: number } => {
  const at = now.getTime() * 1_000;
  const grain = Math.ceil(1_000_000 / perSecond);
  const due = Math.max(pace.due, at);
  const granted = Math.min(want, Math.floor((at + burst * grain - due) / grain));
  if (granted > 0) return { pace: { due: due + granted * grain }, granted, waitMs: 0 };
  return { pace, granted: 0, waitMs: Math.ceil((due - at - (burst - 1) * grain) / 1_000) };
};
