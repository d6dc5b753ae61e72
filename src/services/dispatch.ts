import type { Stream } from "../domain/stream.ts";
import { STREAMS } from "../domain/stream.ts";
import type { Settled } from "../ports/store/delivery-store.ts";
import { bell, rest } from "./bell.ts";
import { beginReady } from "./dispatch-begin.ts";
import { feedStream } from "./dispatch-feed.ts";
import type { Flusher } from "./dispatch-flush.ts";
import { flusher } from "./dispatch-flush.ts";
import { freeze } from "./dispatch-freeze.ts";
import { keepHold } from "./dispatch-hold.ts";
import { meter } from "./dispatch-meter.ts";
import type { DispatchParts, Held, Hold } from "./dispatch-parts.ts";
import { queues } from "./dispatch-queues.ts";
import type { Sender } from "./dispatch-send.ts";
import { sender } from "./dispatch-send.ts";
import { feedSuspects } from "./dispatch-suspects.ts";

export interface Dispatcher {
  /** There may be something to send. Without it, a due row is noticed within a second. */
  wake(): void;
  /** Claims no more, finishes what is under way within twenty seconds, gives the rest back. */
  stop(): Promise<void>;
}

const STOP_WITHIN_MS = 20_000;

/** Results after which the same message may go again at once. */
const AGAIN: ReadonlySet<string> = new Set(["returned", "readdressed"]);

/** Everything that waits in one process, and the way from one station to the next. */
const stations = (parts: DispatchParts, wakeFeeds: () => void, stopping: () => boolean) => {
  const ready = queues();
  const frozen = freeze();
  /** Everything that this process has claimed, and of it what is begun, as long as it is not written down. */
  const hand = new Map<bigint, Hold>();
  const open = new Map<bigint, Held>();
  const begin = bell();
  const written = (results: readonly Settled[]) => {
    for (const { delivery } of results) {
      if (hand.get(delivery.id)?.delivery === delivery) hand.delete(delivery.id);
      if (open.get(delivery.id)?.delivery === delivery) open.delete(delivery.id);
    }
    begin.ring();
    if (results.some(({ next }) => AGAIN.has(next.kind))) wakeFeeds();
  };
  const results: Flusher = flusher({ ...parts, written });
  const speed = meter(() => parts.clock.real().getTime());
  const settled = (result: Settled) => {
    speed.count();
    results.add(result);
    if (flight.room() > 0) begin.ring();
  };
  const flight: Sender = sender({ parts, freeze: frozen, settled, stopping });
  const giveBack = (items: readonly Held[]) =>
    results.add(...items.map(({ delivery }) => ({ delivery, next: { kind: "returned" }, shownLocale: null }) as const));
  return { parts, ready, freeze: frozen, hand, open, begin, results, flight, meter: speed, giveBack };
};

/**
 * Sends what is due on one platform, as a stream: the next rows are claimed and drawn while others are under way, and
 * results are written in the background. However it ends, at most `limits.concurrency` and one flush of messages are in
 * doubt.
 */
export const dispatcher = (parts: DispatchParts): Dispatcher => {
  const feeds = STREAMS.map((stream) => ({ stream, wake: bell() }));
  const wakeFeeds = (streams: ReadonlySet<Stream> = new Set(STREAMS)) => {
    for (const { stream, wake } of feeds) if (streams.has(stream)) wake.ring();
  };
  let stopping = false;
  let ended = false;
  const ends = { stopping: () => stopping };
  const at = stations(parts, wakeFeeds, ends.stopping);
  const { ready, begin, results, flight } = at;
  const hold = bell();
  const suspicion = bell();

  const loops = [
    beginReady({ ...at, ...ends, wake: begin, begun: flight.push, flightRoom: flight.room, taken: wakeFeeds }),
    ...feeds.map(({ stream, wake }) => feedStream({ ...at, ...ends, wake, fed: begin.ring }, stream)),
    feedSuspects({ ...at, ...ends, wake: suspicion, fed: begin.ring }),
  ];
  const holding = keepHold(parts, at.hand, hold, () => ended);
  const quiet = async () => {
    await Promise.all(loops);
    at.giveBack(ready.take(Number.POSITIVE_INFINITY, () => true));
    await flight.recall();
    while (flight.underWay() > 0) await rest(20);
    await results.finish();
  };

  return {
    wake: () => wakeFeeds(),
    stop: async () => {
      stopping = true;
      begin.ring();
      suspicion.ring();
      wakeFeeds();
      const done = bell();
      void quiet().then(done.ring);
      await done.wait(STOP_WITHIN_MS);
      const lost = results.abandon() + flight.underWay();
      if (lost > 0) parts.log.warn("dispatch-stopped-early", { platform: parts.platform.name, count: lost });
      ended = true;
      hold.ring();
      await holding;
    },
  };
};
