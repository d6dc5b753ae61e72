import type { Stream } from "../domain/stream.ts";
import { STREAMS } from "../domain/stream.ts";
import type { Held } from "./dispatch-parts.ts";

/** What waits in this process for its turn, by stream. */
export interface Queues {
  add(items: readonly Held[]): void;
  /** What was taken and comes first again. */
  putBack(items: readonly Held[]): void;
  size(stream: Stream): number;
  /** Of all streams. */
  count(): number;
  /** Takes up to `most` items, those of the first streams first, leaving those that may not go. */
  take(most: number, may: (item: Held) => boolean): Held[];
}

export const queues = (): Queues => {
  const waiting: Readonly<Record<Stream, Held[]>> = { urgent: [], reply: [], redraw: [], bulk: [] };
  return {
    add: (items) => {
      for (const item of items) waiting[item.stream].push(item);
    },
    putBack: (items) => {
      for (const item of items.toReversed()) waiting[item.stream].unshift(item);
    },
    size: (stream) => waiting[stream].length,
    count: () => STREAMS.reduce((sum, stream) => sum + waiting[stream].length, 0),
    take: (most, may) => {
      const taken: Held[] = [];
      for (const stream of STREAMS) {
        const kept: Held[] = [];
        let at = 0;
        for (; at < waiting[stream].length && taken.length < most; at++) {
          const item = waiting[stream][at] as Held;
          (may(item) ? taken : kept).push(item);
        }
        waiting[stream].splice(0, at, ...kept);
      }
      return taken;
    },
  };
};
