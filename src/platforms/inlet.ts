import type { PlatformName } from "../domain/platform.ts";
import type { Incoming, Receive } from "../ports/chat-platform.ts";
import type { Log } from "../ports/log.ts";

/** The door for what people send: open between `start` and `stop` of a platform. */
export interface Inlet {
  open(receive: Receive): void;
  /** Takes no more; resolves when what was taken is handed over. */
  close(): Promise<void>;
  /** Hands an event over; false when nobody takes events now. Resolves once it is stored, rejects where it could not be. */
  take(incoming: Incoming): Promise<boolean>;
}

export const inlet = (): Inlet => {
  let receive: Receive | null = null;
  const underWay = new Set<Promise<void>>();
  return {
    open: (taker) => {
      receive = taker;
    },
    close: async () => {
      receive = null;
      await Promise.allSettled(underWay);
    },
    take: async (incoming) => {
      if (!receive) return false;
      const work = receive(incoming);
      underWay.add(work);
      return work.then(() => true).finally(() => underWay.delete(work));
    },
  };
};

/** Hands events over for a platform that comes again with what it is told that we do not have; never rejects. */
export const storing =
  (door: Inlet, platform: PlatformName, log: Log): Inlet["take"] =>
  (incoming) =>
    door.take(incoming).catch((err: unknown) => {
      log.warn("event-not-stored", { platform, err });
      return false;
    });
