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

/**
 * Writes results in the background. It does not give up: a result that is not written is a message in doubt, and at
 * most as many wait here as may be under way at once.
 */
export const flusher = ({ deliveries, clock, log, written }: FlushParts): Flusher => {
  const wake = bell();
  const portion = portions();
  let waiting: Settled[] = [];
  let ending = false;
  let abandoned = false;

  const write = async (): Promise<void> => {
    const some = waiting.slice(0, portion.most());
    waiting = waiting.slice(some.length);
    try {
      await deliveries.settle(some, timesOf(clock));
      portion.worked();
      written(some);
    } catch (err) {
      if (!abandoned) waiting.push(...some);
      const failures = portion.failed(some.length);
      if (failures === 1) log.warn("results-not-written", { count: some.length, err });
      await rest(Math.min(LONGEST_REST_MS, 50 * 2 ** Math.min(failures, 10)));
    }
  };

  const gather = (): Promise<void> | undefined => {
    if (ending || waiting.length >= FLUSH_SIZE) return undefined;
    return wake.wait(waiting.length === 0 ? 60_000 : FLUSH_MS);
  };

  const run = async (): Promise<void> => {
    for (; !ending || waiting.length > 0; await gather()) if (waiting.length > 0) await write();
  };

  const running = run();
  return {
    add: (...results) => {
      const first = waiting.length === 0;
      waiting.push(...results);
      if (first || waiting.length >= FLUSH_SIZE) wake.ring();
    },
    finish: () => {
      ending = true;
      wake.ring();
      return running;
    },
    abandon: () => {
      const lost = waiting.splice(0).length;
      [ending, abandoned] = [true, true];
      wake.ring();
      return lost;
    },
  };
};
