import type { Clock } from "../ports/clock.ts";
import type { Queue } from "../ports/queue.ts";
import type { ChaseStore } from "../ports/store/chase-store.ts";

export interface WakeParts {
  readonly chase: Pick<ChaseStore, "coming">;
  readonly queue: Pick<Queue, "later">;
  readonly clock: Pick<Clock, "now">;
}

/** What is due within this time has a wake-up of its own; everything else waits in the database. */
const AHEAD_MS = 15 * 60_000;
/** Whatever falls due within a second is one wake-up. */
const GRAIN_MS = 1_000;

/** Has somebody woken when the next things are due. A wake-up that is lost makes them seconds late: the sweep finds them. */
export const wakingAhead = ({ chase, queue, clock }: WakeParts) => {
  let known = new Set<number>();
  return async (): Promise<void> => {
    const now = clock.now().getTime();
    const coming = await chase.coming(new Date(now), new Date(now + AHEAD_MS));
    const moments = new Set(coming.map((at) => Math.ceil(at.getTime() / GRAIN_MS)));
    const fresh = [...moments].filter((moment) => !known.has(moment));
    known = moments;
    await queue.later(
      ...fresh.map((moment) => ({
        hint: { name: "chase", id: String(moment) } as const,
        afterMs: Math.max(0, moment * GRAIN_MS - now),
      })),
    );
  };
};
