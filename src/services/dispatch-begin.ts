import type { Stream } from "../domain/stream.ts";
import type { DeliveryStore } from "../ports/store/delivery-store.ts";
import type { Bell } from "./bell.ts";
import { rest } from "./bell.ts";
import type { Freeze } from "./dispatch-freeze.ts";
import type { DispatchParts, Held } from "./dispatch-parts.ts";
import { FLUSH_SIZE, timesOf } from "./dispatch-parts.ts";
import type { Queues } from "./dispatch-queues.ts";

interface BeginParts {
  readonly parts: DispatchParts;
  readonly ready: Queues;
  readonly freeze: Freeze;
  /** Everything that is begun and not written down yet: what would be in doubt if this process died now. */
  readonly open: Map<bigint, Held>;
  /** How many more may wait for a slot. */
  readonly flightRoom: () => number;
  /** Rung when there is more that may begin, or room for it. */
  readonly wake: Bell;
  /** Begun: to be sent. */
  readonly begun: (items: readonly Held[]) => void;
  /** Not to be sent, or not now. */
  readonly giveBack: (items: readonly Held[]) => void;
  /** Taken from these streams' queues. */
  readonly taken: (streams: ReadonlySet<Stream>) => void;
  readonly stopping: () => boolean;
}

const MOST_BEGUN = 50;
/** Room that broadcasts leave for the others. */
const RESERVE = 5;
const MOST_WAIT_MS = 1_000;
/** What could not be renewed, or has waited too long for its turn, is given back: others may be faster. */
const TOO_SHORT_MS = 1_000;
const TOO_LONG_MS = 10_000;
const SPENT_EVERY_MS = 200;

/** Marks as begun, however often the database has to be asked; whether an attempt that failed did it nobody knows. */
const beginSurely = async (parts: DispatchParts, batch: readonly Held[]): Promise<readonly Held[]> => {
  const { deliveries, clock, log, platform } = parts;
  for (let failures = 0; batch.some(({ hold }) => hold.until > clock.real().getTime()); failures++) {
    try {
      const may: Awaited<ReturnType<DeliveryStore["begin"]>> = await deliveries.begin(
        batch.map(({ delivery }) => delivery),
        timesOf(clock),
      );
      const ids = new Set(may.map(({ id }) => id));
      return batch.filter(({ delivery }) => ids.has(delivery.id));
    } catch (err) {
      if (failures === 0) log.warn("deliveries-not-begun", { platform: platform.name, count: batch.length, err });
      await rest(Math.min(500, 50 * 2 ** Math.min(failures, 10)));
    }
  }
  return [];
};

/** How many may begin now, and how many of them in bulk: asked after every message, so it looks at numbers only. */
const roomFor = (
  ready: BeginParts["ready"],
  free: number,
  inFlight: number,
): { readonly most: number; readonly bulk: number } => {
  const bulk = Math.min(ready.size("bulk"), inFlight, Math.max(0, free - RESERVE));
  const redraws = Math.min(ready.size("redraw"), inFlight);
  const all = ready.size("urgent") + ready.size("reply") + redraws + bulk;
  return { most: Math.min(MOST_BEGUN, Math.max(0, free), all), bulk };
};

/** Decides what goes next: urgent first, one message a chat at a time, and never too much at once. */
const chooser = ({ parts, ready, freeze, open, flightRoom, giveBack }: BeginParts) => {
  const { clock, platform } = parts;
  const window = platform.limits.concurrency + FLUSH_SIZE;
  let swept = 0;

  const takeFree = (most: number, bulk: number): Held[] => {
    const real = clock.real();
    const frozen = { send: freeze.left("send", real) > 0, redraw: freeze.left("redraw", real) > 0 };
    const chats = new Set([...open.values()].map(({ delivery }) => delivery.address.chat));
    let bulkLeft = bulk;
    return ready.take(most, ({ delivery, stream }) => {
      if (chats.has(delivery.address.chat) || frozen[delivery.work]) return false;
      if (stream === "bulk" && bulkLeft-- <= 0) return false;
      chats.add(delivery.address.chat);
      return true;
    });
  };

  /** Looked for now and then: it is a walk over everything that is ready. */
  const dropSpent = (real: number): void => {
    if (real - swept < SPENT_EVERY_MS) return;
    swept = real;
    const spent = ready.take(
      Number.POSITIVE_INFINITY,
      ({ hold }) => hold.until - real < TOO_SHORT_MS || real - hold.since > TOO_LONG_MS,
    );
    if (spent.length > 0) giveBack(spent);
  };

  return (): readonly Held[] => {
    dropSpent(clock.real().getTime());
    const { most, bulk } = roomFor(ready, window - open.size, flightRoom());
    return most > 0 ? takeFree(most, bulk) : [];
  };
};

/** Marks what may go now as begun, batch by batch, and hands it on. Ends when it is time to stop. Never rejects. */
export const beginReady = async (begin: BeginParts): Promise<void> => {
  const { parts, open, wake, begun, giveBack, taken, stopping } = begin;
  const choose = chooser(begin);
  while (!stopping()) {
    const batch = choose();
    if (batch.length === 0) await wake.wait(MOST_WAIT_MS);
    else {
      taken(new Set(batch.map(({ stream }) => stream)));
      for (const item of batch) open.set(item.delivery.id, item);
      const may = new Set(await beginSurely(parts, batch));
      giveBack(batch.filter((item) => !may.has(item)));
      begun(batch.filter((item) => may.has(item)));
    }
  }
};
