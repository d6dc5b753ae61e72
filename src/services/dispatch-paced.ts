import type { Slot } from "../domain/pace.ts";
import type { ClaimedDelivery } from "../ports/store/delivery-store.ts";
import type { Bell } from "./bell.ts";
import { rest } from "./bell.ts";
import type { Flows } from "./dispatch-flows.ts";
import type { DispatchParts, Held } from "./dispatch-parts.ts";

type Work = ClaimedDelivery["work"];

interface PacedParts {
  readonly parts: Pick<DispatchParts, "clock" | "limiter" | "log" | "platform">;
  readonly flows: Flows;
  readonly work: Work;
  /** Takes up to `most` that may go next, each with its place among the requests under way. */
  readonly next: (work: Work, most: number) => readonly Held[];
  readonly fly: (item: Held) => void;
  /** These keep their places in the queue, and let go of those among the requests under way. */
  readonly putBack: (items: readonly Held[]) => void;
  /** Their chat has to be left alone for so long. */
  readonly putOff: (item: Held, ms: number) => void;
  /** Nothing of this kind goes for a while. */
  readonly giveBack: (work: Work) => void;
}

/** A wait as long as this is a freeze and no matter of pace. */
const FREEZE_MS = 1_500;
const LONGEST_REST_MS = 250;
const AFTER_FAILURE_MS = 200;

/**
 * A slot that is missed by more than this is given up: whoever goes late goes in a heap. What goes less late is within what
 * our rates leave to the published ones.
 */
const LATE_MS = 20;
/** An answer that takes longer than this makes no slot wait for it. */
const LONGEST_LEAD_MS = 1_000;

const millis = (micros: number): number => micros / 1_000;

/** Whether nothing of this kind may go yet. */
const isEarly = (slot: Slot | undefined): boolean => slot?.kind === "wait" && slot.scope === "common";

interface Reserved {
  readonly items: readonly Held[];
  readonly slots: readonly Slot[];
  /** Real time, in milliseconds, when they were told. */
  readonly since: number;
}

/** Waits for a slot's moment; false where that is missed. */
const comes = async (now: () => number, since: number, micros: number): Promise<boolean> => {
  const left = since + millis(micros) - now();
  if (left >= 1) await rest(left);
  return now() - since - millis(micros) <= LATE_MS;
};

/** Lets each go at its moment. What misses it asks again. */
const letGo = async ({ items, slots, since }: Reserved, { parts, fly, putBack, putOff }: PacedParts) => {
  const now = () => parts.clock.real().getTime();
  for (const [at, item] of items.entries()) {
    const slot = slots[at];
    if (!slot || isEarly(slot)) continue;
    if (slot.kind === "wait") putOff(item, Math.ceil(millis(slot.micros)));
    else if (await comes(now, since, slot.micros)) fly(item);
    else putBack([item]);
  }
};

/** Asks for slots, and learns how long the answer takes. */
const reserving = ({ parts, flows, work, next, putBack }: PacedParts) => {
  const now = () => parts.clock.real().getTime();
  let lead = 0;
  return {
    lead: () => lead,
    reserve: async (): Promise<Reserved | null> => {
      const items = next(work, flows.most(work, lead * 1_000));
      const ask = flows.ask(items, Math.ceil(lead * 1_000));
      if (!ask) return null;
      const asked = now();
      try {
        const slots = await parts.limiter.reserve(ask);
        const since = now();
        lead = Math.min(LONGEST_LEAD_MS, Math.max(since - asked, 0.9 * lead));
        putBack(items.filter((_, at) => isEarly(slots[at])));
        return { items, slots, since };
      } catch (err) {
        parts.log.warn("slots-not-reserved", { platform: parts.platform.name, err });
        putBack(items);
        await rest(AFTER_FAILURE_MS);
        return { items: [], slots: [], since: asked };
      }
    },
  };
};

/** How long the last slot of a batch is off, in milliseconds. */
const lastSlot = (slots: readonly Slot[]): number =>
  Math.max(0, ...slots.map((slot) => (slot.kind === "granted" ? millis(slot.micros) : 0)));

/** Until it is worth asking again: shortly before the last slot; where there was none, when there may be one. */
const pause = async ({ slots }: Reserved, lead: number, wake: Bell): Promise<void> => {
  const last = lastSlot(slots);
  const early = slots.find(isEarly);
  if (last === 0 && early) return wake.wait(Math.min(LONGEST_REST_MS, millis(early.micros)));
  const left = Math.max(last - 2 * lead, early ? 1 : 0);
  if (left >= 1) await rest(left);
};

/**
 * Sends what waits at the platform's pace, of which this process has a share: slots are reserved for a batch, each message
 * goes at the moment of its own, and the next batch is asked for before the last slot has come. `wake` is rung when something
 * waits. Ends when it is told to. Never rejects.
 */
export const keepPace = async (paced: PacedParts, wake: Bell, stopping: () => boolean): Promise<void> => {
  const slots = reserving(paced);
  let gone: Promise<unknown> = Promise.resolve();
  while (!stopping()) {
    const reserved = await slots.reserve();
    if (!reserved) {
      await wake.wait(1_000);
      continue;
    }
    gone = Promise.all([gone, letGo(reserved, paced)]);
    if (reserved.slots.some((slot) => isEarly(slot) && millis(slot.micros) > FREEZE_MS)) paced.giveBack(paced.work);
    await pause(reserved, slots.lead(), wake);
  }
  await gone;
};
