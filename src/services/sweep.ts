import type { PlatformName } from "../domain/platform.ts";
import type { Clock } from "../ports/clock.ts";
import type { Log } from "../ports/log.ts";
import type { Queue } from "../ports/queue.ts";
import type { DeliveryStore, Swept } from "../ports/store/delivery-store.ts";
import type { InboundStore } from "../ports/store/inbound-store.ts";

interface SweepParts {
  readonly deliveries: Pick<DeliveryStore, "sweep">;
  readonly inbound: Pick<InboundStore, "waiting">;
  readonly queue: Pick<Queue, "hint">;
  /** The platforms where a repeat cannot double. */
  readonly idempotent: readonly PlatformName[];
  readonly clock: Clock;
  readonly log: Log;
}

/** Events hinted at again in one round. */
const MOST_HINTS = 100;

/** Puts right what a crash, a lost queue or a lost hint left behind. Harmless however often, and by however many processes. */
export const sweep = async ({ deliveries, inbound, queue, idempotent, clock, log }: SweepParts): Promise<Swept> => {
  const times = { now: clock.now(), real: clock.real() };
  const swept = await deliveries.sweep(idempotent, times);
  const { returned, doubted, repeated, poisonous } = swept;
  if (returned + doubted + repeated > 0) log.warn("deliveries-swept", { returned, doubted, repeated });
  if (poisonous > 0) log.error("deliveries-poisonous", { count: poisonous });
  const waiting = await inbound.waiting(MOST_HINTS, times);
  if (waiting.length > 0) await queue.hint(...waiting.map((id) => ({ name: "answer", id: String(id) }) as const));
  return swept;
};
