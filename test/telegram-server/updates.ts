import { setTimeout as sleep } from "node:timers/promises";

export interface Update {
  readonly update_id: number;
  readonly [kind: string]: unknown;
}

interface Queued {
  readonly update: Update;
  /** Updates of one key go one after the other: a chat's messages, a person's taps (Client.cpp of tdlib/telegram-bot-api). */
  readonly key: string;
  readonly expires: number;
}

export interface Webhook {
  readonly url: string;
  readonly secret: string | null;
  readonly allowed: readonly string[] | null;
}

/** What the server omits unless it is asked for. */
const ON_REQUEST = new Set(["chat_member", "message_reaction", "message_reaction_count"]);
const DAY = 24 * 3_600_000;
/** A tap that nobody fetched by then is gone. */
const TAP_LIVES_MS = 150_000;

/**
 * Updates on their way to the bot, by long poll or by webhook. `pace` shortens the waits between repeats; with null the
 * webhook is never called, and whoever tests brings each update themself.
 */
export const updates = (pace: number | null) => {
  let queue: readonly Queued[] = [];
  let hook: Webhook | null = null;
  let allowed: readonly string[] | null = null;
  let next = 100_000_000 + Math.floor(Math.random() * 900_000_000);
  let poll: { readonly end: (reason: "other" | "webhook" | "new") => void } | null = null;
  const busy = new Set<string>();
  const posts: number[] = [];
  const closed = new AbortController();

  const drop = (done: Queued) => {
    queue = queue.filter((each) => each !== done);
  };

  const post = async (webhook: Webhook, { update }: Queued): Promise<number> => {
    const headers = {
      "content-type": "application/json",
      ...(webhook.secret ? { "x-telegram-bot-api-secret-token": webhook.secret } : {}),
    };
    const answer = await fetch(webhook.url, {
      method: "POST",
      headers,
      body: JSON.stringify(update),
      signal: closed.signal,
    }).catch(() => null);
    posts.push(answer?.status ?? 0);
    await answer?.arrayBuffer();
    return answer?.status ?? 0;
  };

  /** At once, then after 2, 4, 8 … 60 seconds, until it is taken or too old; the rest of its queue waits behind it. */
  const deliver = async (item: Queued): Promise<void> => {
    for (let tries = 0; hook && Date.now() < item.expires && !closed.signal.aborted; tries++) {
      const status = await post(hook, item);
      if (status >= 200 && status < 300) break;
      const wait = tries === 0 ? 0 : Math.min(60, 2 ** tries);
      await sleep(wait * 1_000 * (pace ?? 1), null, { signal: closed.signal }).catch(() => {});
    }
    drop(item);
  };

  const pump = (): void => {
    if (!hook) {
      poll?.end("new");
      return;
    }
    for (const item of pace === null ? [] : queue) {
      if (busy.has(item.key)) continue;
      busy.add(item.key);
      void deliver(item).finally(() => {
        busy.delete(item.key);
        pump();
      });
    }
  };

  const wanted = (kind: string): boolean => {
    const list = hook?.allowed ?? allowed;
    return list && list.length > 0 ? list.includes(kind) : !ON_REQUEST.has(kind);
  };

  return {
    posts: posts as readonly number[],
    waiting: () => queue.length,
    webhook: () => hook,
    push: (kind: string, body: object, key: string): Update => {
      const update = { update_id: ++next, [kind]: body };
      const lives = kind === "callback_query" ? TAP_LIVES_MS : DAY;
      if (wanted(kind)) queue = [...queue, { update, key, expires: Date.now() + lives }];
      pump();
      return update;
    },
    /** The same update once more, as after an answer that was lost. */
    repeat: (update: Update, key: string): void => {
      queue = [...queue, { update, key, expires: Date.now() + DAY }];
      pump();
    },
    setWebhook: (to: Webhook | null): void => {
      hook = to;
      if (to) poll?.end("webhook");
      pump();
    },
    get: async (offset: number, limit: number, seconds: number, kinds: readonly string[] | null) => {
      if (hook) return "webhook-active" as const;
      poll?.end("other");
      if (kinds) allowed = kinds;
      const now = Date.now();
      queue = queue.filter(({ update, expires }) => update.update_id >= offset && expires > now);
      const ends = new Promise<"other" | "webhook" | "new" | "time">((resolve) => {
        const timer = setTimeout(() => resolve("time"), Math.min(50, seconds) * 1_000);
        poll = {
          end: (reason) => {
            clearTimeout(timer);
            resolve(reason);
          },
        };
        if (queue.length > 0) poll.end("new");
      });
      const reason = await ends;
      if (reason === "other" || reason === "webhook") return reason;
      poll = null;
      return queue.slice(0, limit).map(({ update }) => update);
    },
    close: () => {
      closed.abort();
      poll?.end("new");
    },
  };
};

export type Updates = ReturnType<typeof updates>;
