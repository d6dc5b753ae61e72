import type { Incoming, Receive } from "../../src/ports/chat-platform.ts";

/** The door for events: open between `start` and `stop`. */
export const inlet = () => {
  let receive: Receive | null = null;
  const underWay = new Set<Promise<unknown>>();
  return {
    open: async (take: Receive): Promise<void> => {
      receive = take;
    },
    close: async (): Promise<void> => {
      receive = null;
      await Promise.allSettled(underWay);
    },
    /** Whether it is stored. */
    take: async (incoming: Incoming): Promise<boolean> => {
      if (!receive) return false;
      const work = receive(incoming).then(
        () => true,
        () => false,
      );
      underWay.add(work);
      return work.finally(() => underWay.delete(work));
    },
  };
};
