import type { Incoming, Receive } from "../../ports/chat-platform.ts";

/** The door for what people send: open between `start` and `stop`. */
export interface Inlet {
  open(receive: Receive): void;
  /** Takes no more; resolves when what was taken is handed over. */
  close(): Promise<void>;
  /** Whether it is stored, and may be told so. */
  take(incoming: Incoming): Promise<boolean>;
}

export const inlet = (failed: (err: unknown) => void): Inlet => {
  let receive: Receive | null = null;
  const underWay = new Set<Promise<unknown>>();
  return {
    open: (take) => {
      receive = take;
    },
    close: async () => {
      receive = null;
      await Promise.allSettled(underWay);
    },
    take: async (incoming) => {
      if (!receive) return false;
      const work = receive(incoming).then(
        () => true,
        (err: unknown) => {
          failed(err);
          return false;
        },
      );
      underWay.add(work);
      return work.finally(() => underWay.delete(work));
    },
  };
};
