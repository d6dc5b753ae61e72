import type { Log } from "../ports/log.ts";
import type { EventFeed } from "../ports/route.ts";
import { eventStream } from "./event-stream.ts";

const MOST_AT_ONCE = 3;
/** Proxies cut what is silent for a minute, some for thirty seconds. */
const HEARTBEAT_MS = 15_000;
const SLOW_MS = 10_000;

/** Opens the stream of a feed; null when its key has as many as it may. */
export type OpenStream = (feed: EventFeed) => Response | null;

/** Counts the streams of this process. They all end when `stopping` aborts. */
export const streams = (log: Log, stopping: AbortSignal): OpenStream => {
  const open = new Map<string, number>();
  return (feed) => {
    const count = open.get(feed.key) ?? 0;
    if (count >= MOST_AT_ONCE) return null;
    open.set(feed.key, count + 1);
    return eventStream(feed, {
      heartbeatMs: HEARTBEAT_MS,
      slowMs: SLOW_MS,
      stopping,
      ended: (err) => {
        const left = (open.get(feed.key) ?? 1) - 1;
        if (left > 0) open.set(feed.key, left);
        else open.delete(feed.key);
        if (err) log.error("stream-broken", { err });
      },
    });
  };
};
