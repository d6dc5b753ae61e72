import { setTimeout as sleep } from "node:timers/promises";
import { type Inlet as AnyInlet, inlet as anyInlet } from "../inlet.ts";
import type { WebParts } from "./parts.ts";

/** A page without script waits at most this long for what its post brings about. */
const WAIT_MS = 1_500;
const LOOK_MS = 50;

export interface Inlet extends AnyInlet {
  /** Waits until an event was worked off and what follows from it stands in the chat, within the bound. */
  settle(eventId: string, chat: string, seq: bigint): Promise<void>;
}

/** The door from the pages to the service. */
export const inlet = ({ chats, settled }: Pick<WebParts, "chats" | "settled">): Inlet => ({
  ...anyInlet(),
  settle: async (eventId, chat, seq) => {
    for (let waited = 0; waited < WAIT_MS; waited += LOOK_MS) {
      const head = (await settled(eventId)) && (await chats.heads([chat])).get(chat);
      if (head !== false && (head ?? 0n) > seq) return;
      await sleep(LOOK_MS);
    }
  },
});
