import type { Ask, Slot } from "../domain/pace.ts";
import type { Clock } from "../ports/clock.ts";
import type { Limiter } from "../ports/limiter.ts";
import type { Log } from "../ports/log.ts";
import type { PaceStore } from "../ports/store/pace-store.ts";

interface LimitParts {
  /** Where every process meets; null where there is none but the database. */
  readonly shared: Limiter | null;
  readonly paces: PaceStore;
  readonly clock: Pick<Clock, "real">;
  readonly log: Log;
}

/** So long the database keeps the flows before the other place is tried again. */
const AWAY_MS = 5_000;

/** Slots from wherever they are kept: in Redis, and on the database where there is none or while it is away. */
export const limiting = ({ shared, paces, clock, log }: LimitParts): Limiter => {
  let awayUntil = 0;
  const first = async <Answer>(ask: (limiter: Limiter) => Promise<Answer>, spare: () => Promise<Answer>) => {
    const now = clock.real().getTime();
    if (!shared || now < awayUntil) return spare();
    try {
      const answer = await ask(shared);
      awayUntil = 0;
      return answer;
    } catch (err) {
      if (awayUntil === 0) log.warn("limiter-lost", { err });
      awayUntil = now + AWAY_MS;
      return spare();
    }
  };
  /** The database is told the time of asking: what it took to answer has passed. */
  const onDatabase = async (ask: Ask): Promise<readonly Slot[]> => {
    const asked = clock.real();
    const slots = await paces.reserve(ask, asked);
    const passed = (clock.real().getTime() - asked.getTime()) * 1_000;
    return slots.map((slot) => ({ ...slot, micros: Math.max(0, slot.micros - passed) }));
  };
  return {
    reserve: (ask) =>
      first(
        (limiter) => limiter.reserve(ask),
        () => onDatabase(ask),
      ),
    freeze: (flow, micros) =>
      first(
        (limiter) => limiter.freeze(flow, micros),
        () => paces.freeze(flow, micros, clock.real()),
      ),
    close: async () => shared?.close(),
  };
};
