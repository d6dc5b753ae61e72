import type { Calendar } from "../ports/calendar.ts";
import type { ChaseStore } from "../ports/store/chase-store.ts";

/** What the demo's clock can be put forward to. */
export const SKIPS = ["rung", "digest"] as const;

export type Skip = (typeof SKIPS)[number];

/** Nobody looks further ahead in a demo. */
const AHEAD_MS = 60 * 86_400_000;

/** The next morning's digest. */
const nextDigest = (calendar: Calendar, now: Date): Date => {
  for (let at = calendar.nextTurn(now); ; at = calendar.nextTurn(at))
    if (calendar.pushHours(at, 0).digestAt?.getTime() === at.getTime()) return at;
};

/** The moment at which the next such thing happens; null where nothing is to come. */
export const skipTarget = async (
  skip: Skip,
  chase: Pick<ChaseStore, "coming">,
  calendar: Calendar,
  now: Date,
): Promise<Date | null> => {
  if (skip === "digest") return nextDigest(calendar, now);
  const [next] = await chase.coming(now, new Date(now.getTime() + AHEAD_MS));
  return next ?? null;
};
