import { secondsTooEarly, worstSecond } from "../setup/sliding-window.ts";

/** The published limits (core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this), as strictly as they read. */
export interface FloodLimits {
  /** Messages in any sliding second, to all chats together. */
  readonly all: number;
  /** In any sliding second to one chat; short bursts pass. */
  readonly chat: number;
  /** In any sliding minute to one group. */
  readonly group: number;
}

export const PUBLISHED: FloodLimits = { all: 30, chat: 3, group: 20 };

const SECOND = 1_000;
const MINUTE = 60_000;

/** Counts what was let through, and says for how many seconds the next one is too many. */
export const flood = ({ all, chat: one, group }: FloodLimits) => {
  const total: number[] = [];
  const byChat = new Map<number, number[]>();

  return {
    /** 0 lets it through and counts it. */
    seconds: (chat: number, now: number): number => {
      const times = byChat.get(chat) ?? [];
      const wait = Math.max(
        secondsTooEarly(total, all, SECOND, now),
        secondsTooEarly(times, one, SECOND, now),
        chat < 0 ? secondsTooEarly(times, group, MINUTE, now) : 0,
      );
      if (wait > 0) return wait;
      total.push(now);
      byChat.set(chat, [...times.slice(-group), now]);
      return 0;
    },
    /** The most that any sliding second let through. */
    worstSecond: (): number => worstSecond(total),
    times: total as readonly number[],
  };
};
