import type { Clock } from "../ports/clock.ts";
import type { Log } from "../ports/log.ts";
import type { DeliveryStore, Settled } from "../ports/store/delivery-store.ts";
import { bell, rest } from "./bell.ts";
import { FLUSH_MS, FLUSH_SIZE, timesOf } from "./dispatch-parts.ts";

export interface Flusher {
  add(...results: readonly Settled[]): void;
  /** Writes what there is and resolves when nothing is left. */
  finish(): Promise<void>;
  /** Writes no more; what is left is settled by the sweep. Returns how many those are. */
  abandon(): number;
}

interface FlushParts {
  readonly deliveries: Pick<DeliveryStore, "settle">;
  readonly clock: Clock;
  readonly log: Log;
  /** Told of what is written. */
  readonly written: (results: readonly Settled[]) => void;
}

/** More than this never waits here. */
const ALL = 10_000;
const LONGEST_REST_MS = 1_000;

/** Fewer at a time after a failure and more after a success, so that a result that cannot be written holds up no others. */
const portions = () => {
  let most = ALL;
  let failures = 0;
  return {
    most: () => most,
    worked: (): void => {
      failures = 0;
      most = Math.min(ALL, 2 * most);
    },
    /** Returns how often it has failed in a row. */
    failed: (count: number): number => {
      most = Math.max(1, count >> 1);
      failures += 1;
      return failures;
    },
  };
};

/** What waits to be written, and the time in which more may gather. */
const basket = () => {
  const wake = bell();
  let waiting: Settled[] = [];
  let ending = false;
  /** Nothing waits; the first that comes begins the time in which others may gather. */
  let idle = false;
  return {
    add: (results: readonly Settled[]): void => {
      waiting.push(...results);
      if (idle || waiting.length >= FLUSH_SIZE) wake.ring();
    },
    take: (most: number): Settled[] => {
      const some = waiting.slice(0, most);
      waiting = waiting.slice(some.length);
      return some;
    },
    gather: async (): Promise<void> => {
      if (waiting.length === 0 && !ending) {
        idle = true;
        await wake.wait(60_000);
        idle = false;
      }
      if (waiting.length < FLUSH_SIZE && !ending) await wake.wait(FLUSH_MS);
    },
    end: (): void => {
      ending = true;
      wake.ring();
    },
    isOver: () => ending && waiting.length === 0,
  };
};

/**
 * Writes results in the background. It does not give up: a result that is not written is a message in doubt, and at
 * most as many wait here as may be under way at once.
 */
export const flusher = ({ deliveries, clock, log, written }: FlushParts): Flusher => {
  const waiting = basket();
  const portion = portions();
  let abandoned = false;

  const write = async (some: readonly Settled[]): Promise<void> => {
    try {
      await deliveries.settle(some, timesOf(clock));
      portion.worked();
      written(some);
    } catch (err) {
      if (!abandoned) waiting.add(some);
      const failures = portion.failed(some.length);
      if (failures === 1) log.warn("results-not-written", { count: some.length, err });
      await rest(Math.min(LONGEST_REST_MS, 50 * 2 ** Math.min(failures, 10)));
    }
  };

  const run = async (): Promise<void> => {
    while (!waiting.isOver()) {
      await waiting.gather();
      const some = waiting.take(portion.most());
      if (some.length > 0) await write(some);
    }
  };

  const running = run();
  return {
    add: (...results) => waiting.add(results),
    finish: () => {
      waiting.end();
      return running;
    },
    abandon: () => {
      abandoned = true;
      waiting.end();
      return waiting.take(Number.POSITIVE_INFINITY).length;
    },
  };
};
