import { createHmac } from "node:crypto";
import { cardButtons, cardWords } from "../../src/dialogue/card-words.ts";
import type { Card } from "../../src/dialogue/screen.ts";
import { tooMuch } from "../../src/dialogue/too-much.ts";
import type { Address } from "../../src/domain/address.ts";
import type { SendOutcome } from "../../src/domain/delivery.ts";
import { openHttp } from "../../src/http/open-http.ts";
import { inlet } from "../../src/platforms/inlet.ts";
import type { ChatPlatform, Incoming, Limits, SendOptions } from "../../src/ports/chat-platform.ts";
import type { Keys } from "../../src/ports/keys.ts";
import type { Visit } from "../../src/ports/route.ts";
import type { Answer } from "./post.ts";
import { post } from "./post.ts";
import { BOT_TOKEN, SIGNING_SECRET } from "./slack-server.ts";

const NAME = "scripted-slack";

const LIMITS: Limits = {
  text: 3_000,
  buttons: 25,
  buttonBytes: 2_000,
  perSecond: 4,
  redraws: null,
  perChat: null,
  perGroup: null,
  isGroup: () => false,
  concurrency: 10,
  editSeconds: null,
  receipts: false,
  idempotent: false,
};

interface Tap {
  readonly trigger_id: string;
  readonly user: { readonly id: string };
  readonly container: { readonly message_ts: string };
  readonly actions: readonly [{ readonly value: string }];
}

interface Said {
  readonly event_id: string;
  readonly event: { readonly user: string; readonly text: string };
}

const readTap = (keys: Keys, tap: Tap): Incoming => {
  const from: Address = { platform: NAME, chat: tap.user.id };
  const action = keys.readButton(tap.actions[0].value, from);
  const head = { id: tap.trigger_id, from, language: null };
  return action
    ? { ...head, what: { kind: "press", action, text: null, ref: tap.container.message_ts } }
    : { ...head, what: { kind: "stale-press" } };
};

const read = (keys: Keys, body: string): Incoming => {
  const payload = body.startsWith("{") ? null : new URLSearchParams(body).get("payload");
  if (payload) return readTap(keys, JSON.parse(payload) as Tap);
  const said = JSON.parse(body) as Said;
  const from: Address = { platform: NAME, chat: said.event.user };
  return { id: said.event_id, from, language: null, what: { kind: "text", text: said.event.text } };
};

const genuine = (headers: Headers, body: string): boolean => {
  const at = headers.get("x-slack-request-timestamp") ?? "";
  const signature = createHmac("sha256", SIGNING_SECRET).update(`v0:${at}:${body}`).digest("hex");
  return headers.get("x-slack-signature") === `v0=${signature}`;
};

const GONE = new Set(["channel_not_found", "is_archived", "account_inactive", "user_not_found"]);

/** `recent`: we wrote to this very channel within the last second, where Slack allows one message. */
const outcome = ({ status, retryAfter, body }: Answer, method: string, recent: boolean): SendOutcome => {
  if (body.ok === true) return { kind: "sent", ref: String(body.ts) };
  const error = String(body.error ?? "");
  if (status === 429) {
    const scope = method === "chat.postMessage" && recent ? "chat" : "method";
    return { kind: "later", ms: (retryAfter ?? 1) * 1_000, scope };
  }
  if (status === 503 && retryAfter !== null) return { kind: "later", ms: retryAfter * 1_000, scope: "bot" };
  if (GONE.has(error)) return { kind: "gone", why: error };
  return status >= 500 ? { kind: "in-doubt" } : { kind: "refused", why: error };
};

const blocksOf = (keys: Keys, to: Address, card: Card) => {
  const buttons = cardButtons(card).map(({ label, action }) => ({
    type: "button",
    text: { type: "plain_text", text: label },
    value: keys.buttonCode(action, to),
  }));
  const words = { type: "section", text: { type: "mrkdwn", text: cardWords(card) } };
  return buttons.length > 0 ? [words, { type: "actions", elements: buttons }] : [words];
};

/** An app on a server with Slack's habits. */
export const scriptedSlack = (url: string, keys: Keys, limits: Partial<Limits> = {}): ChatPlatform => {
  const all = { ...LIMITS, ...limits };
  const http = openHttp(url, { connections: all.concurrency });
  const headers = { authorization: `Bearer ${BOT_TOKEN}` };
  const written = new Map<string, number>();
  const door = inlet();

  const moved = async (chat: string, deadline: Date): Promise<SendOutcome | null> => {
    const answer = await post(http, "/api/migration.exchange", { users: chat }, deadline, headers);
    const next = "kind" in answer ? undefined : (answer.body.user_id_map as Record<string, string> | undefined)?.[chat];
    return next ? { kind: "moved", to: { platform: NAME, chat: next } } : null;
  };

  const call = async (
    method: string,
    to: Address,
    ts: string | null,
    card: Card,
    { deadline }: SendOptions,
  ): Promise<SendOutcome> => {
    const why = tooMuch(card, all);
    if (why) return { kind: "refused", why };
    const recent = Date.now() - (written.get(to.chat) ?? 0) < 1_000;
    written.set(to.chat, Date.now());
    const body = { channel: to.chat, ...(ts ? { ts } : {}), text: card.fallback, blocks: blocksOf(keys, to, card) };
    const answer = await post(http, `/api/${method}`, body, deadline, headers);
    if ("kind" in answer) return answer;
    const became = outcome(answer, method, recent);
    return became.kind === "gone" ? ((await moved(to.chat, deadline)) ?? became) : became;
  };

  const handle = async ({ request }: Visit): Promise<Response> => {
    const body = await request.text();
    if (!genuine(request.headers, body)) return new Response(null, { status: 401 });
    return new Response(null, { status: (await door.take(read(keys, body)).catch(() => false)) ? 200 : 503 });
  };

  return {
    name: NAME,
    limits: all,
    routes: [{ method: "POST", path: `/webhooks/${NAME}`, rate: "normal", from: "machines", handle }],
    start: async (receive) => door.open(receive),
    stop: door.close,
    send: (to, card, options) => call("chat.postMessage", to, null, card, options),
    redraw: (to, ref, card, options) => call("chat.update", to, ref, card, options),
  };
};
