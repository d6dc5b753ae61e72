import type { Next } from "../domain/settle.ts";
import { settle } from "../domain/settle.ts";
import type { ClaimedDelivery, Settled } from "../ports/store/delivery-store.ts";
import { bell } from "./bell.ts";
import type { Air } from "./dispatch-air.ts";
import { openAir } from "./dispatch-air.ts";
import { attempt } from "./dispatch-attempt.ts";
import type { Flows } from "./dispatch-flows.ts";
import { flows } from "./dispatch-flows.ts";
import type { Freeze } from "./dispatch-freeze.ts";
import { keepPace } from "./dispatch-paced.ts";
import type { DispatchParts, Held } from "./dispatch-parts.ts";

type Work = ClaimedDelivery["work"];

export interface Sender {
  /** Sends these as places get free; they are marked as begun. */
  push(items: readonly Held[]): void;
  /** Gives back what has not left yet, when whatever has its moment has gone. */
  recall(): Promise<void>;
  /** How many requests are under way. */
  underWay(): number;
  /**
   * How many more may be pushed. No more wait for a place than there are places, for they would be in doubt for nothing;
   * and none until half of those have left, so that they are begun in batches.
   */
  room(): number;
}

interface SenderParts {
  readonly parts: DispatchParts;
  readonly freeze: Freeze;
  /** Told what became of each. */
  readonly settled: (result: Settled) => void;
  readonly stopping: () => boolean;
}

interface Landing {
  /** The platform has answered, or not. */
  landed(item: Held, next: Next): void;
  /** The chat has to be left alone for so long. */
  putOff(item: Held, ms: number): void;
  /** It may be somebody else's by now. */
  lost(item: Held): void;
  giveBack(may: (item: Held) => boolean): void;
}

/** What becomes of what has flown, and of what may not fly. */
const landing = ({ parts, freeze, settled }: SenderParts, air: Air, paces: Flows): Landing => {
  const { platform, clock, limiter, log } = parts;
  const told = ({ delivery }: Held, next: Next, shownLocale: Settled["shownLocale"] = null) =>
    settled({ delivery, next, shownLocale });

  const giveBack = (may: (item: Held) => boolean): void => {
    for (const item of air.waiting.take(Number.POSITIVE_INFINITY, may)) told(item, { kind: "returned" });
  };

  /** The other processes would learn it from the database only with their next batch. */
  const freezeAll = ({ scope, ms }: Extract<Next, { kind: "again" }>, work: Work): void => {
    for (const kind of scope === "bot" ? (["send", "redraw"] as const) : [work]) {
      const flow = paces.common(kind);
      if (flow) limiter.freeze(flow, ms * 1_000).catch((err) => log.warn("freeze-not-told", { err }));
    }
  };

  return {
    giveBack,
    lost: (item) => told(item, { kind: "returned" }),
    putOff: (item, ms) => told(item, { kind: "again", ms, scope: "chat", attempts: 0 }),
    landed: (item, next) => {
      const { work } = item.delivery;
      if (freeze.note(next, item.delivery, clock.real())) {
        log.warn("platform-paused", { platform: platform.name, work, ...next });
        if (next.kind === "again") freezeAll(next, work);
        giveBack((other) => freeze.left(other.delivery.work, clock.real()) > 0);
      }
      told(item, next, item.card.title?.locale ?? null);
    },
  };
};

/** Lets everything fly that has a place; returns how many more may wait for one. */
const freely = (air: Air, fly: (item: Held) => void, concurrency: number) => ({
  launch: (): void => {
    for (const item of air.take(null, Number.POSITIVE_INFINITY)) fly(item);
  },
  room: () => (air.waiting.count() > concurrency / 2 ? 0 : 2 * concurrency - air.flying() - air.waiting.count()),
  ended: Promise.resolve(),
});

/** Lets fly what has a place and a slot of the platform's pace. */
const paced = (
  { parts, stopping }: SenderParts,
  air: Air,
  { paces, perSecond, fly, landing: { putOff, giveBack } }: PacedOptions,
) => {
  const wakes = { send: bell(), redraw: bell() };
  // What goes out in a quarter of a second: it is begun, and would be in doubt after a crash.
  const depth = Math.min(parts.platform.limits.concurrency, Math.max(2, Math.ceil(perSecond / 4)));
  const pace = (work: Work): Promise<void> => {
    const putBack = (items: readonly Held[]) => {
      air.land(items);
      air.waiting.putBack(items);
    };
    const grounded = (item: Held, ms: number) => {
      air.land([item]);
      putOff(item, ms);
    };
    const ways = { next: air.take, fly, putBack, putOff: grounded };
    const frozen = () => giveBack(({ delivery }) => delivery.work === work);
    return keepPace({ parts, flows: paces, work, ...ways, giveBack: frozen }, wakes[work], stopping);
  };
  return {
    launch: (): void => {
      for (const wake of Object.values(wakes)) wake.ring();
    },
    room: () => (air.waiting.count() > depth / 2 ? 0 : depth - air.waiting.count()),
    ended: Promise.all([pace("send"), pace("redraw")]),
  };
};

interface PacedOptions {
  readonly paces: Flows;
  readonly perSecond: number;
  readonly fly: (item: Held) => void;
  readonly landing: Landing;
}

/** A process that was stopped for a while finds its claims gone: what has not left is not its to send any more. */
const isLost = ({ hold }: Held, real: Date): boolean => hold.until <= real.getTime();

/** Keeps as many requests under way as the platform takes at once, and no more a second than it lets through. */
export const sender = (all: SenderParts): Sender => {
  const { concurrency, idempotent, perSecond } = all.parts.platform.limits;
  const air = openAir(concurrency);
  const paces = flows(all.parts);
  const down = landing(all, air, paces);

  /** `item` has its place among the requests under way. */
  const fly = async (item: Held): Promise<void> => {
    const lost = isLost(item, all.parts.clock.real());
    const outcome = lost ? null : await attempt(all.parts, item);
    air.land([item]);
    if (outcome) down.landed(item, settle(outcome, item.delivery, idempotent));
    else down.lost(item);
    way.launch();
  };
  const flown = (item: Held): void => void fly(item);
  const way =
    perSecond === null
      ? freely(air, flown, concurrency)
      : paced(all, air, { paces, perSecond, fly: flown, landing: down });

  return {
    push: (items) => {
      air.waiting.add(items);
      way.launch();
    },
    recall: async () => {
      way.launch();
      await way.ended;
      down.giveBack(() => true);
    },
    underWay: air.flying,
    room: way.room,
  };
};
