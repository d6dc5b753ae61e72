import type { PlatformName } from "../domain/platform.ts";
import type { Clock } from "../ports/clock.ts";
import type { Log } from "../ports/log.ts";
import type { FallBackStore } from "../ports/store/fall-back-store.ts";

export interface FallBackParts {
  readonly fallBacks: FallBackStore;
  /** The platforms that are switched on, in order of preference. */
  readonly platforms: readonly PlatformName[];
  /** How long a person has for an answer on one platform before they are asked on the next, in milliseconds. */
  readonly afterMs: number;
  readonly clock: Pick<Clock, "now">;
  readonly log: Log;
}

/** A warning does not wait that long. */
const URGENT_MS = 10 * 60_000;

/** Goes on to the next platform of people who cannot be reached, or do not answer, on the one before. Returns for how many. */
export const fallBack = async ({ fallBacks, platforms, afterMs, clock, log }: FallBackParts): Promise<number> => {
  if (platforms.length < 2) return 0;
  const now = clock.now();
  const ago = (ms: number) => new Date(now.getTime() - ms);
  const how = { platforms, before: ago(afterMs), beforeUrgent: ago(Math.min(afterMs, URGENT_MS)), now };
  const moved = await fallBacks.move(how);
  const listed = await fallBacks.list(how);
  if (moved + listed > 0) log("people-asked-elsewhere", { moved, listed });
  return moved + listed;
};
