import type { PlatformName } from "../domain/platform.ts";
import type { ReadCalendars } from "../ports/calendar.ts";
import type { Clock } from "../ports/clock.ts";
import type { Log } from "../ports/log.ts";
import type { FallBackStore } from "../ports/store/fall-back-store.ts";

export interface FallBackParts {
  readonly fallBacks: FallBackStore;
  /** The platforms that are switched on, in order of preference. */
  readonly platforms: readonly PlatformName[];
  /** How long a person has for an answer on one platform before they are asked on the next, in milliseconds. */
  readonly afterMs: number;
  readonly calendars: ReadCalendars;
  readonly clock: Pick<Clock, "now">;
  readonly log: Log;
}

/** A warning does not wait that long. */
const URGENT_MS = 10 * 60_000;

/** Whether people may be disturbed now with what is ordinary. */
const isOpen = async (calendars: ReadCalendars, now: Date): Promise<boolean> => {
  const [{ calendar }] = await calendars();
  const { open } = calendar.pushHours(now, 0);
  return open !== null && open.from <= now;
};

/** Goes on to the next platform of people who cannot be reached, or do not answer, on the one before. Returns for how many. */
export const fallBack = async ({
  fallBacks,
  platforms,
  afterMs,
  calendars,
  clock,
  log,
}: FallBackParts): Promise<number> => {
  if (platforms.length < 2) return 0;
  const now = clock.now();
  const ago = (ms: number) => new Date(now.getTime() - ms);
  const before = (await isOpen(calendars, now)) ? ago(afterMs) : new Date(0);
  const how = { platforms, before, beforeUrgent: ago(Math.min(afterMs, URGENT_MS)), now };
  const moved = await fallBacks.move(how);
  const listed = await fallBacks.list(how);
  if (moved + listed > 0) log("people-asked-elsewhere", { moved, listed });
  return moved + listed;
};
