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
import { SECRET, TOKEN } from "./telegram-server.ts";

const NAME = "scripted-telegram";

type Scope = Extract<SendOutcome, { kind: "later" }>["scope"];

const LIMITS: Limits = {
  text: 4096,
  buttons: 100,
  buttonBytes: 64,
  perSecond: 28,
  redraws: null,
  perChat: null,
  perGroup: null,
  isGroup: () => false,
  concurrency: 30,
  editSeconds: null,
  receipts: false,
  idempotent: false,
};

interface Update {
  readonly update_id: number;
  readonly callback_query?: {
    readonly from: { readonly id: number; readonly language_code?: string };
    readonly message: { readonly message_id: number };
    readonly data: string;
  };
  readonly message?: { readonly from: { readonly id: number; readonly language_code?: string }; readonly text: string };
}

const read = (keys: Keys, { update_id: id, callback_query: tap, message }: Update): Incoming | null => {
  const from = tap?.from ?? message?.from;
  if (!from) return null;
  const address: Address = { platform: NAME, chat: String(from.id) };
  const head = { id: String(id), from: address, language: from.language_code ?? null };
  if (!tap) return { ...head, what: { kind: "text", text: message?.text ?? "" } };
  const action = keys.readButton(tap.data, address);
  if (!action) return { ...head, what: { kind: "stale-press" } };
  return { ...head, what: { kind: "press", action, text: null, ref: String(tap.message.message_id) } };
};

interface Refusal {
  readonly description?: string;
  readonly parameters?: { readonly retry_after?: number; readonly migrate_to_chat_id?: number };
}

const REACHES_NOBODY = /^Forbidden: |chat not found/;

/**
 * The Bot API's errors; the texts are those of its server. It does not say what a 429 is about: `recent` means that we
 * wrote to this very chat within the last second.
 */
const failure = (status: number, { description = "", parameters = {} }: Refusal, scope: Scope): SendOutcome => {
  const next = parameters.migrate_to_chat_id;
  if (status === 429) return { kind: "later", ms: (parameters.retry_after ?? 1) * 1_000, scope };
  if (next !== undefined) return { kind: "moved", to: { platform: NAME, chat: String(next) } };
  if (REACHES_NOBODY.test(description)) return { kind: "gone", why: description };
  return status >= 500 ? { kind: "in-doubt" } : { kind: "refused", why: description };
};

const outcome = ({ status, body }: Answer, ref: string | null, recent: boolean): SendOutcome => {
  if (body.ok === true) return { kind: "sent", ref: String((body.result as { message_id: number }).message_id) };
  if (ref && String(body.description).includes("message is not modified")) return { kind: "sent", ref };
  return failure(status, body as Refusal, ref ? "method" : recent ? "chat" : "bot");
};

/** A bot on a server with Telegram's habits. */
export const scriptedTelegram = (url: string, keys: Keys, limits: Partial<Limits> = {}): ChatPlatform => {
  const all = { ...LIMITS, ...limits };
  const http = openHttp(url, { connections: all.concurrency });
  const written = new Map<string, number>();
  const door = inlet();

  const call = async (
    method: string,
    to: Address,
    ref: string | null,
    card: Card,
    { deadline }: SendOptions,
  ): Promise<SendOutcome> => {
    const why = tooMuch(card, all);
    if (why) return { kind: "refused", why };
    const recent = Date.now() - (written.get(to.chat) ?? 0) < 1_000;
    written.set(to.chat, Date.now());
    const buttons = cardButtons(card).map(({ label, action }) => [
      { text: label, callback_data: keys.buttonCode(action, to) },
    ]);
    const answer = await post(
      http,
      `/bot${TOKEN}/${method}`,
      {
        chat_id: Number(to.chat),
        ...(ref ? { message_id: Number(ref) } : {}),
        text: cardWords(card),
        ...(buttons.length > 0 ? { reply_markup: { inline_keyboard: buttons } } : {}),
      },
      deadline,
    );
    return "kind" in answer ? answer : outcome(answer, ref, recent);
  };

  const handle = async ({ request }: Visit): Promise<Response> => {
    if (request.headers.get("x-telegram-bot-api-secret-token") !== SECRET) return new Response(null, { status: 403 });
    const incoming = read(keys, (await request.json()) as Update);
    return new Response(null, { status: !incoming || (await door.take(incoming).catch(() => false)) ? 200 : 503 });
  };

  return {
    name: NAME,
    limits: all,
    routes: [{ method: "POST", path: `/webhooks/${NAME}`, rate: "normal", from: "machines", handle }],
    start: async (receive) => door.open(receive),
    stop: door.close,
    send: (to, card, options) => call("sendMessage", to, null, card, options),
    redraw: (to, ref, card, options) => call("editMessageText", to, ref, card, options),
  };
};
