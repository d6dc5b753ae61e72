import { setTimeout as sleep } from "node:timers/promises";
import type { Update } from "telegraf/types";
import type { Api } from "./api.ts";
import type { TelegramParts } from "./parts.ts";
import { UPDATES } from "./read.ts";

/** Two pollers would end each other with 409 for ever: whoever has this lease asks, the others wait for it. */
const LEASE = "telegram-poll";
const LEASE_MS = 45_000;
/** The server caps it at 50 s (Client.cpp of tdlib/telegram-bot-api). */
const LONG_POLL_S = 25;
const SPARE_MS = 10_000;
const RETRY_MS = [1_000, 2_000, 5_000, 10_000] as const;

type Turn = "went" | "failed" | "idle";

interface Polling {
  readonly api: Api;
  readonly parts: Pick<TelegramParts, "leases" | "clock" | "log" | "holder">;
  /** Whether an update is stored, or is none of ours. */
  readonly take: (update: Update) => Promise<boolean>;
}

/** One long poll. What could not be stored is asked for again: its number is not passed. */
const turn = async ({ api, parts, take }: Polling, from: { offset: number }, signal: AbortSignal): Promise<Turn> => {
  const real = parts.clock.real();
  const until = new Date(real.getTime() + LEASE_MS);
  if (!(await parts.leases.hold(LEASE, parts.holder, until, real))) return "idle";
  const body = { offset: from.offset, timeout: LONG_POLL_S, limit: 100, allowed_updates: UPDATES };
  const answer = await api.ask<readonly Update[]>("getUpdates", body, LONG_POLL_S * 1_000 + SPARE_MS, signal);
  if (signal.aborted) return "idle";
  if (!answer.ok) {
    if (answer.status === 409) await api.ask("deleteWebhook", {});
    throw new Error(`getUpdates: ${answer.why}`);
  }
  for (const update of answer.result) {
    if (!(await take(update))) return "failed";
    from.offset = update.update_id + 1;
  }
  // All before is confirmed by now; after a quiet week numbers begin anew anywhere (core.telegram.org/bots/api#update).
  if (answer.result.length === 0) from.offset = 0;
  return "went";
};

/** Asks for updates until it is stopped. A failure is told once and tried again, ever more slowly. */
export const poll = (polling: Polling): { stop(): Promise<void> } => {
  const { parts } = polling;
  const over = new AbortController();
  const from = { offset: 0 };
  const run = async (): Promise<void> => {
    let failures = 0;
    while (!over.signal.aborted) {
      const result = await turn(polling, from, over.signal).catch((err: unknown): Turn => {
        if (failures === 0) parts.log.warn("telegram-poll-failed", { err });
        return "failed";
      });
      failures = result === "failed" ? failures + 1 : 0;
      const pause = result === "went" ? 0 : (RETRY_MS[Math.min(failures, RETRY_MS.length - 1)] ?? 0);
      if (pause > 0) await sleep(pause, null, { signal: over.signal }).catch(() => {});
    }
    await parts.leases.release(LEASE, parts.holder).catch(() => {});
  };
  const running = run();
  return {
    stop: () => {
      over.abort();
      return running;
    },
  };
};
