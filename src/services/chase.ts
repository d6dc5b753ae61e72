import type { PlatformName } from "../domain/platform.ts";
import type { ReadCalendars } from "../ports/calendar.ts";
import type { Clock } from "../ports/clock.ts";
import type { Log } from "../ports/log.ts";
import type { Queue } from "../ports/queue.ts";
import type { ChaseStore, Look } from "../ports/store/chase-store.ts";
import { bypassEvent } from "./bypass-event.ts";
import { hoursNow } from "./timetables.ts";

export interface ChaseParts {
  readonly chase: ChaseStore;
  readonly calendars: ReadCalendars;
  readonly queue: Pick<Queue, "hint">;
  readonly platforms: readonly PlatformName[];
  readonly clock: Pick<Clock, "now">;
  readonly log: Log;
}

export interface Chased {
  readonly rungs: number;
  readonly messages: number;
  readonly digests: number;
  /** Messages that go with the next digest because the hours they were meant for are over. */
  readonly folded: number;
  /** Where nobody was reached, and somebody has to call. */
  readonly calls: number;
}

/** Rungs of one transaction: large enough to be fast, small enough that no tap waits for long. */
const MOST = 10_000;

const decideAll = async ({ chase }: ChaseParts, look: Look) => {
  const all = { rungs: 0, messages: 0 };
  for (;;) {
    const { rungs, messages } = await chase.decide(look, MOST, (each) => bypassEvent({ ...each, at: look.now }));
    all.rungs += rungs;
    all.messages += messages;
    if (rungs < MOST) return all;
  }
};

/** Does whatever is due by the clock, whoever else looks at the same time. Most looks find nothing. */
export const chaseDue = async (parts: ChaseParts): Promise<Chased> => {
  const { chase, calendars, clock, platforms, queue, log } = parts;
  const now = clock.now();
  const look: Look = { now, hours: hoursNow(await calendars(), now), platforms, only: null };
  const folded = await chase.fold(now);
  await chase.told(now);
  await chase.standIn(look);
  const calls = await chase.callUnreached(look);
  const digests = await chase.digest(look);
  const { rungs, messages } = await decideAll(parts, look);
  const done = { rungs, messages, digests, folded, calls };
  if (rungs + digests + folded + calls > 0) {
    log("clock-struck", { ...done });
    await queue.hint(...platforms.map((id) => ({ name: "dispatch", id }) as const), { name: "seal", id: "1" });
  }
  return done;
};
