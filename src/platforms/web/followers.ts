import type { Log } from "../../ports/log.ts";
import type { ChatMessage, ChatStore } from "../../ports/store/chat-store.ts";
import { type Bell, bell } from "./bell.ts";

/** Another process may write to a chat that is open here; this often we look. */
const TICK_MS = 300;
const PAGE = 50;

export interface Followers {
  /** Sends every message that is written or redrawn after change `seq`, in order, until `signal` aborts. */
  follow(
    from: { readonly chat: string; readonly seq: bigint },
    send: (message: ChatMessage) => Promise<void>,
    signal: AbortSignal,
  ): Promise<void>;
  /** Something was written to this chat, here. */
  wake(chat: string): void;
  stop(): void;
}

/** Rings for chats that changed: one query a tick for all chats that are open in this process, none when none is. */
const ticking = (chats: ChatStore, log: Log, bells: ReadonlyMap<string, ReadonlySet<Bell>>) => {
  const heads = new Map<string, bigint>();
  let timer: NodeJS.Timeout | null = null;
  let broken = false;
  const ring = (chat: string): void => {
    for (const each of bells.get(chat) ?? []) each.ring();
  };
  const look = async (): Promise<void> => {
    try {
      for (const [chat, head] of await chats.heads([...bells.keys()])) {
        if (heads.get(chat) !== head) ring(chat);
        heads.set(chat, head);
      }
      broken = false;
    } catch (err) {
      if (!broken) log.warn("chats-unreadable", { err });
      broken = true;
    }
  };
  const tick = async (): Promise<void> => {
    await look();
    for (const chat of heads.keys()) if (!bells.has(chat)) heads.delete(chat);
    timer = bells.size > 0 && timer ? setTimeout(tick, TICK_MS) : null;
  };
  return {
    ring,
    start: () => {
      timer ??= setTimeout(tick, TICK_MS);
    },
    stop: () => {
      if (timer) clearTimeout(timer);
      timer = null;
    },
  };
};

const sendAll = async (
  messages: readonly ChatMessage[],
  send: (message: ChatMessage) => Promise<void>,
  signal: AbortSignal,
): Promise<void> => {
  for (const message of messages) {
    if (signal.aborted) return;
    await send(message);
  }
};

/** Who watches which chat. */
export const followers = (chats: ChatStore, log: Log): Followers => {
  const bells = new Map<string, Set<Bell>>();
  const ticks = ticking(chats, log, bells);

  const enter = (chat: string, own: Bell): void => {
    const others = bells.get(chat) ?? new Set();
    bells.set(chat, others.add(own));
    ticks.start();
  };
  const leave = (chat: string, own: Bell): void => {
    const others = bells.get(chat);
    others?.delete(own);
    if (others?.size === 0) bells.delete(chat);
  };

  return {
    async follow(from, send, signal) {
      const own = bell();
      signal.addEventListener("abort", own.ring, { once: true });
      enter(from.chat, own);
      try {
        for (let seq = from.seq; !signal.aborted; ) {
          const changes = await chats.changes(from.chat, seq, PAGE);
          await sendAll(changes, send, signal);
          seq = changes.at(-1)?.seq ?? seq;
          if (changes.length === 0) await own.wait();
        }
      } finally {
        leave(from.chat, own);
      }
    },
    wake: ticks.ring,
    stop: ticks.stop,
  };
};
