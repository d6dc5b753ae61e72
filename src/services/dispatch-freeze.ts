import type { Next } from "../domain/settle.ts";
import type { ClaimedDelivery } from "../ports/store/delivery-store.ts";

type Work = ClaimedDelivery["work"];

/** What the platform has asked this process to leave be; the other processes learn it from the database. */
export interface Freeze {
  /** True when this result asks for more than its own chat to wait. */
  note(next: Next, delivery: ClaimedDelivery, real: Date): boolean;
  /** How long this kind of request still has to wait, in milliseconds. */
  left(work: Work, real: Date): number;
  /** How long everything for this chat still has to wait, in milliseconds. */
  leftFor(chat: string, real: Date): number;
}

/** Chats that are remembered; beyond that those are forgotten that may go again. */
const MOST_CHATS = 1_000;

export const freeze = (): Freeze => {
  const until: Record<Work, number> = { send: 0, redraw: 0 };
  const chats = new Map<string, number>();

  const noteChat = (chat: string, thaw: number, now: number): void => {
    if (chats.size >= MOST_CHATS) for (const [other, over] of chats) if (over <= now) chats.delete(other);
    chats.set(chat, Math.max(chats.get(chat) ?? 0, thaw));
  };

  const noteWorks = (works: readonly Work[], thaw: number): void => {
    for (const work of works) until[work] = Math.max(until[work], thaw);
  };

  return {
    note: (next, { work, address }, real) => {
      if (next.kind !== "again" || next.scope === "message") return false;
      const thaw = real.getTime() + next.ms;
      if (next.scope === "chat") noteChat(address.chat, thaw, real.getTime());
      else noteWorks(next.scope === "bot" ? ["send", "redraw"] : [work], thaw);
      return next.scope !== "chat";
    },
    left: (work, real) => Math.max(0, until[work] - real.getTime()),
    leftFor: (chat, real) => Math.max(0, (chats.get(chat) ?? 0) - real.getTime()),
  };
};
