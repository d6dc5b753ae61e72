import { rest } from "./bell.ts";
import type { FeedParts } from "./dispatch-feed.ts";
import { prepare } from "./dispatch-feed.ts";
import { LEASE_MS, timesOf } from "./dispatch-parts.ts";

interface SuspectParts extends FeedParts {
  /** Everything that is begun and not written down yet. */
  readonly open: ReadonlyMap<bigint, unknown>;
}

const EVERY_MS = 1_000;
const LOOK_MS = 20;

/**
 * Draws what was in the hands of a process that died, a few at a time and none before the last are drawn and begun: one of
 * them may have been the cause, and would take the others with it once more. Ends when it is time to stop. Never rejects.
 */
export const feedSuspects = async (feed: SuspectParts): Promise<void> => {
  const { platform, deliveries, clock, log, newLeaseId } = feed.parts;
  let failing = false;

  const claim = async (): Promise<boolean> => {
    const times = timesOf(clock);
    const since = times.real.getTime();
    const until = since + LEASE_MS;
    const claimed = await deliveries.claimSuspects(platform.name, { id: newLeaseId(), until: new Date(until) }, times);
    failing = false;
    for (const delivery of claimed) feed.hand.set(delivery.id, { delivery, since, until });
    await prepare(feed, claimed);
    const unsure = () => claimed.some((each) => feed.hand.get(each.id)?.delivery === each && !feed.open.has(each.id));
    while (unsure() && !feed.stopping()) await rest(LOOK_MS);
    return claimed.length > 0;
  };

  while (!feed.stopping()) {
    const more = await claim().catch((err: unknown) => {
      if (!failing) log.warn("suspects-not-claimed", { platform: platform.name, err });
      failing = true;
      return false;
    });
    if (!more && !feed.stopping()) await feed.wake.wait(EVERY_MS);
  }
};
