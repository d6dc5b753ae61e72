import { setTimeout as sleep } from "node:timers/promises";
import type { Incoming, Receive } from "../../ports/chat-platform.ts";
import type { WebParts } from "./parts.ts";

/** A page without script waits at most this long for what its post brings about. */
const WAIT_MS = 1_500;
const LOOK_MS = 50;

export interface Inlet {
  /** Hands an event over; false when nobody takes events now. Resolves once it is stored. */
  receive(incoming: Incoming): Promise<boolean>;
  /** Waits until an event was worked off and what follows from it stands in the chat, within the bound. */
  settle(eventId: string, chat: string, seq: bigint): Promise<void>;
  open(receive: Receive): void;
  /** Takes no more; resolves when what was taken is handed over. */
  close(): Promise<void>;
}

/** The door from the pages to the service. */
export const inlet = ({ chats, settled }: Pick<WebParts, "chats" | "settled">): Inlet => {
  let taker: Receive | null = null;
  const underWay = new Set<Promise<void>>();
  return {
    receive: async (incoming) => {
      if (!taker) return false;
      const work = taker(incoming);
      underWay.add(work);
      try {
        await work;
        return true;
      } finally {
        underWay.delete(work);
      }
    },
    settle: async (eventId, chat, seq) => {
      for (let waited = 0; waited < WAIT_MS; waited += LOOK_MS) {
        const head = (await settled(eventId)) && (await chats.heads([chat])).get(chat);
        if (head !== false && (head ?? 0n) > seq) return;
        await sleep(LOOK_MS);
      }
    },
    open: (receive) => {
      taker = receive;
    },
    close: async () => {
      taker = null;
      await Promise.allSettled(underWay);
    },
  };
};
