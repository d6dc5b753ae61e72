import type { Next } from "../domain/settle.ts";
import { settle } from "../domain/settle.ts";
import type { Settled } from "../ports/store/delivery-store.ts";
import { attempt } from "./dispatch-attempt.ts";
import type { Freeze } from "./dispatch-freeze.ts";
import type { DispatchParts, Held } from "./dispatch-parts.ts";
import { queues } from "./dispatch-queues.ts";

export interface Sender {
  /** Sends these as slots get free; they are marked as begun. */
  push(items: readonly Held[]): void;
  /** Gives back what has not left yet. */
  recall(): void;
  /** How many requests are under way. */
  underWay(): number;
  /**
   * How many more may be pushed. No more wait for a slot than there are slots, for they would be in doubt for nothing;
   * and none until half of those have left, so that they are begun in batches.
   */
  room(): number;
}

interface SenderParts {
  readonly parts: DispatchParts;
  readonly freeze: Freeze;
  /** Told what became of each. */
  readonly settled: (result: Settled) => void;
}

/** Broadcasts leave one slot in ten free, so that a warning does not wait until a slow platform has answered one of them. */
const bulkSlots = (concurrency: number): number =>
  concurrency > 1 ? concurrency - Math.max(1, Math.floor(concurrency / 10)) : 1;

const returned = ({ delivery }: Held): Settled => ({ delivery, next: { kind: "returned" }, shownLocale: null });

/** A process that was stopped for a while finds its claims gone: what has not left is not its to send any more. */
const isLost = ({ hold }: Held, real: Date): boolean => hold.until <= real.getTime();

/** Keeps as many requests under way as the platform takes at once. */
export const sender = ({ parts, freeze, settled }: SenderParts): Sender => {
  const { platform, clock } = parts;
  const { concurrency, idempotent } = platform.limits;
  const waiting = queues();
  let flying = 0;
  let bulkFlying = 0;

  const giveBack = (may: (item: Held) => boolean): void =>
    waiting.take(Number.POSITIVE_INFINITY, may).map(returned).forEach(settled);

  const landed = ({ delivery, card }: Held, next: Next): void => {
    if (freeze.note(next, delivery, clock.real())) {
      parts.log.warn("platform-paused", { platform: platform.name, work: delivery.work, ...next });
      giveBack((other) => freeze.left(other.delivery.work, clock.real()) > 0);
    }
    settled({ delivery, next, shownLocale: card.title?.locale ?? null });
  };

  const fly = async (item: Held): Promise<void> => {
    if (isLost(item, clock.real())) return settled(returned(item));
    const bulk = item.stream === "bulk" ? 1 : 0;
    flying += 1;
    bulkFlying += bulk;
    const outcome = await attempt(parts, item);
    flying -= 1;
    bulkFlying -= bulk;
    landed(item, settle(outcome, item.delivery, idempotent));
    launch();
  };

  const launch = (): void => {
    while (flying < concurrency) {
      const [item] = waiting.take(1, ({ stream }) => stream !== "bulk" || bulkFlying < bulkSlots(concurrency));
      if (!item) return;
      void fly(item);
    }
  };

  return {
    push: (items) => {
      waiting.add(items);
      launch();
    },
    recall: () => giveBack(() => true),
    underWay: () => flying,
    room: () => (waiting.count() > concurrency / 2 ? 0 : 2 * concurrency - flying - waiting.count()),
  };
};
