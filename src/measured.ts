import type { ChatPlatform, Receive } from "./ports/chat-platform.ts";
import type { Metrics } from "./ports/metrics.ts";
import type { Queue } from "./ports/queue.ts";

/** What is counted is put around what does it, so that neither the services nor the platforms know of it. */

type Sending = Pick<ChatPlatform, "send" | "redraw">;

export const measuredPlatform = (platform: ChatPlatform, metrics: Metrics): ChatPlatform => {
  const measured = async (work: keyof Sending, sending: () => ReturnType<Sending["send"]>) => {
    const begun = performance.now();
    const note = (outcome: Parameters<Metrics["sent"]>[2]) =>
      metrics.sent(platform.name, work, outcome, (performance.now() - begun) / 1_000);
    try {
      const outcome = await sending();
      note(outcome.kind);
      return outcome;
    } catch (error) {
      note("threw");
      throw error;
    }
  };
  return {
    ...platform,
    send: (...what) => measured("send", () => platform.send(...what)),
    redraw: (...what) => measured("redraw", () => platform.redraw(...what)),
  };
};

export const measuredQueue = (queue: Queue, metrics: Metrics): Queue => ({
  ...queue,
  work: (run) =>
    queue.work((hint, seconds) => {
      metrics.hintTaken(hint.name, seconds);
      return run(hint, seconds);
    }),
});

export const measuredReceive =
  (receive: Receive, metrics: Metrics): Receive =>
  async (incoming) => {
    await receive(incoming);
    metrics.received(incoming.from.platform, incoming.what.kind);
  };

/** Tells what came of each turn. */
export const counted =
  <T>(work: () => Promise<T>, tell: (found: T) => void) =>
  async (): Promise<T> => {
    const found = await work();
    tell(found);
    return found;
  };
