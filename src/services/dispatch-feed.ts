import { type Stream, streamOf } from "../domain/stream.ts";
import type { ClaimedDelivery } from "../ports/store/delivery-store.ts";
import type { Bell } from "./bell.ts";
import { rest } from "./bell.ts";
import { drawBatch } from "./dispatch-draw.ts";
import type { Flusher } from "./dispatch-flush.ts";
import type { Freeze } from "./dispatch-freeze.ts";
import type { Meter } from "./dispatch-meter.ts";
import type { DispatchParts, Hold } from "./dispatch-parts.ts";
import { LEASE_MS, timesOf } from "./dispatch-parts.ts";
import type { Queues } from "./dispatch-queues.ts";

export interface FeedParts {
  readonly parts: DispatchParts;
  readonly ready: Queues;
  /** Everything that this process holds. */
  readonly hand: Map<bigint, Hold>;
  readonly freeze: Freeze;
  readonly results: Flusher;
  readonly meter: Meter;
  /** Rung when there may be new rows, when the stream's queue gets short, and when it is time to stop. */
  readonly wake: Bell;
  /** Something is ready. */
  readonly fed: () => void;
  readonly stopping: () => boolean;
}

/** Without a hint, this is how late a due row may be noticed. */
const IDLE_MS = 1_000;
/** One claim, and what is drawn at once: drawing must not keep the process from sending. */
const MOST_CLAIMED = 500;
const MOST_DRAWN = 100;
const LONGEST_BACKOFF_MS = 2_000;

/** How many rows to hold ready: what goes out in half a second, so that no claim runs out while it waits its turn. */
const appetite = ({ parts, meter }: FeedParts): number => {
  const { concurrency, perSecond } = parts.platform.limits;
  const wanted = Math.max(2 * concurrency, Math.round(meter.speed() / 2));
  return Math.min(MOST_CLAIMED, wanted, perSecond === null ? MOST_CLAIMED : Math.max(1, Math.ceil(perSecond)));
};

/** Puts off what is for a chat that has been asked to wait meanwhile. */
const putOff = ({ parts, freeze, results }: FeedParts, claimed: readonly ClaimedDelivery[]) =>
  claimed.filter((delivery) => {
    const ms = freeze.leftFor(delivery.address.chat, parts.clock.real());
    const next = { kind: "again", ms, scope: "message", attempts: 0 } as const;
    if (ms > 0) results.add({ delivery, next, shownLocale: null });
    return ms === 0;
  });

/** Draws what was claimed, and puts it where it waits for its turn. */
export const prepare = async (feed: FeedParts, claimed: readonly ClaimedDelivery[]): Promise<void> => {
  const { parts, hand, ready, results, fed } = feed;
  const wanted = putOff(feed, claimed);
  for (let at = 0; at < wanted.length; at += MOST_DRAWN) {
    const { cards, failed } = await drawBatch(parts.draw, wanted.slice(at, at + MOST_DRAWN), parts.log);
    ready.add(
      cards.flatMap(({ delivery, card }) => {
        const hold = hand.get(delivery.id);
        return hold ? [{ delivery, card, stream: streamOf(delivery), hold }] : [];
      }),
    );
    if (failed.length > 0) results.add(...failed.map((each) => ({ ...each, shownLocale: null })));
    fed();
  }
};

/** How much of its appetite a stream has left, and how long it must leave its platform be. */
const hunger = (feed: FeedParts, stream: Stream) => {
  const wanted = appetite(feed);
  const have = feed.ready.size(stream);
  return {
    limit: have > wanted / 2 ? 0 : wanted - have,
    frozenMs: feed.freeze.left(stream === "redraw" ? "redraw" : "send", feed.parts.clock.real()),
  };
};

/** Keeps one stream's queue filled with drawn messages until it is time to stop. Never rejects. */
export const feedStream = async (feed: FeedParts, stream: Stream): Promise<void> => {
  const { platform, deliveries, clock, log, newLeaseId } = feed.parts;
  let failures = 0;

  /** Resolves to how long there is nothing to do, unless somebody rings. */
  const claim = async (limit: number): Promise<number> => {
    const times = timesOf(clock);
    const since = times.real.getTime();
    const until = since + LEASE_MS;
    const lease = { id: newLeaseId(), until: new Date(until) };
    const claimed = await deliveries.claim({ platform: platform.name, stream, limit, lease }, times);
    failures = 0;
    for (const delivery of claimed) feed.hand.set(delivery.id, { delivery, since, until });
    await prepare(feed, claimed);
    return claimed.length < limit ? IDLE_MS : 0;
  };

  const failed = async (err: unknown): Promise<number> => {
    failures += 1;
    if (failures === 1) log.warn("deliveries-not-claimed", { platform: platform.name, stream, err });
    await rest(Math.min(LONGEST_BACKOFF_MS, 50 * 2 ** Math.min(failures, 10)));
    return 0;
  };

  while (!feed.stopping()) {
    const { limit, frozenMs } = hunger(feed, stream);
    const idle = limit === 0 || frozenMs > 0;
    const waitMs = idle ? Math.min(IDLE_MS, frozenMs || IDLE_MS) : await claim(limit).catch(failed);
    if (waitMs > 0) await feed.wake.wait(waitMs);
  }
};
