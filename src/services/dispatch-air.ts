import type { ClaimedDelivery } from "../ports/store/delivery-store.ts";
import type { Held } from "./dispatch-parts.ts";
import type { Queues } from "./dispatch-queues.ts";
import { queues } from "./dispatch-queues.ts";

type Work = ClaimedDelivery["work"];

/** The requests under way, and what may join them. */
export interface Air {
  readonly waiting: Queues;
  flying(): number;
  /** Takes up to `most` of one kind of work, or of any, each with its place among the requests under way. */
  take(work: Work | null, most: number): readonly Held[];
  /** These give up their places. */
  land(items: readonly Held[]): void;
}

/** Broadcasts leave one slot in ten free, so that a warning does not wait until a slow platform has answered one of them. */
const bulkSlots = (concurrency: number): number =>
  concurrency > 1 ? concurrency - Math.max(1, Math.floor(concurrency / 10)) : 1;

export const openAir = (concurrency: number): Air => {
  const waiting = queues();
  let flying = 0;
  let bulkFlying = 0;
  const count = (items: readonly Held[], by: 1 | -1): void => {
    flying += by * items.length;
    bulkFlying += by * items.filter(({ stream }) => stream === "bulk").length;
  };
  /** Only what belongs together goes out together: broadcasts yield to everything else, and drawing again has a pace of its own. */
  const belonging = (work: Work | null): ((item: Held) => boolean) => {
    if (work === null) return () => true;
    const first = waiting.size("urgent") + waiting.size("reply") > 0;
    return ({ stream, delivery }) => delivery.work === work && (work === "redraw" || (stream === "bulk") !== first);
  };
  return {
    waiting,
    flying: () => flying,
    take: (work, most) => {
      let bulkLeft = bulkSlots(concurrency) - bulkFlying;
      const belongs = belonging(work);
      const may = (item: Held): boolean => belongs(item) && (item.stream !== "bulk" || bulkLeft-- > 0);
      const items = waiting.take(Math.min(most, concurrency - flying), may);
      count(items, 1);
      return items;
    },
    land: (items: readonly Held[]) => count(items, -1),
  };
};
