import type { Bell } from "./bell.ts";
import type { DispatchParts, Held } from "./dispatch-parts.ts";
import { LEASE_MS } from "./dispatch-parts.ts";

const EVERY_MS = 1_000;

/**
 * Holds on to what is begun for as long as it takes, so that nobody else takes a slow platform for a dead process. Never
 * rejects: what cannot be renewed may become in doubt, and the truth still counts when it comes late.
 */
export const keepHold = async (
  { deliveries, clock, log, platform }: DispatchParts,
  open: ReadonlyMap<bigint, Held>,
  wake: Bell,
  ended: () => boolean,
): Promise<void> => {
  while (!ended()) {
    await wake.wait(EVERY_MS);
    const real = clock.real().getTime();
    const short = [...open.values()].filter(({ until }) => until - real < LEASE_MS / 2);
    if (short.length === 0 || ended()) continue;
    try {
      await deliveries.renew(
        short.map(({ delivery }) => delivery),
        new Date(real + LEASE_MS),
      );
      for (const item of short) item.until = real + LEASE_MS;
    } catch (err) {
      log.warn("claims-not-renewed", { platform: platform.name, count: short.length, err });
    }
  }
};
