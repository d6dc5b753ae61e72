import type { Receive } from "../ports/chat-platform.ts";
import type { Clock } from "../ports/clock.ts";
import type { Log } from "../ports/log.ts";
import type { Queue } from "../ports/queue.ts";
import type { InboundStore } from "../ports/store/inbound-store.ts";

interface ReceiveParts {
  readonly inbound: Pick<InboundStore, "put">;
  readonly queue: Pick<Queue, "hint">;
  readonly clock: Clock;
  readonly log: Log;
}

/** A worker that is woken takes all that waits: a few different hints wake as many workers, and thousands would only cost. */
const HINTS = 8n;

/** Stores what a person did; only then may the platform be answered. It is worked off afterwards. */
export const receiver =
  ({ inbound, queue, clock, log }: ReceiveParts): Receive =>
  async (incoming) => {
    const id = await inbound.put(incoming, { now: clock.now(), real: clock.real() });
    if (id === null) log("event-repeated", { platform: incoming.from.platform, kind: incoming.what.kind });
    // The platform waits for us, and we do not wait for the queue: a hint that is lost is made up for by the sweep.
    else void queue.hint({ name: "answer", id: String(id % HINTS) });
  };
