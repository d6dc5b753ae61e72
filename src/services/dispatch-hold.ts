import type { Bell } from "./bell.ts";
import type { DispatchParts, Hold } from "./dispatch-parts.ts";
import { LEASE_MS } from "./dispatch-parts.ts";

const EVERY_MS = 1_000;

/**
 * Holds on to everything that is in this process's hands, so that nobody takes slowness, of the platform, the database
 * or this machine, for a death. Never rejects: what cannot be renewed may become in doubt, and a truth that comes late
 * still counts.
 */
export const keepHold = async (
  { deliveries, clock, log, platform }: DispatchParts,
  hand: ReadonlyMap<bigint, Hold>,
  wake: Bell,
  ended: () => boolean,
): Promise<void> => {
  while (!ended()) {
    await wake.wait(EVERY_MS);
    const real = clock.real().getTime();
    // Also what seems to last longer than any lease: the clock has gone back since.
    const short = [...hand.values()].filter(({ until }) => until - real < LEASE_MS / 2 || until - real > 2 * LEASE_MS);
    if (short.length === 0 || ended()) continue;
    try {
      const held = await deliveries.renew(
        short.map(({ delivery }) => delivery),
        new Date(real + LEASE_MS),
      );
      for (const hold of short) if (held.has(hold.delivery.id)) hold.until = real + LEASE_MS;
    } catch (err) {
      log.warn("claims-not-renewed", { platform: platform.name, count: short.length, err });
    }
  }
};
