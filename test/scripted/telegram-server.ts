import { randomInt } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Chats, ShownMessage } from "./chats.ts";
import { chats } from "./chats.ts";
import type { ScriptedServer } from "./scripted-server.ts";
import { bodyOf, serve } from "./serve.ts";

export const TOKEN = "7:scripted";
export const SECRET = "scripted-secret";

interface Body {
  readonly chat_id?: unknown;
  readonly message_id?: unknown;
  readonly text?: unknown;
  readonly reply_markup?: { readonly inline_keyboard?: unknown };
}

const FIELDS: Readonly<Record<string, readonly string[]>> = {
  sendMessage: ["chat_id", "text", "reply_markup"],
  editMessageText: ["chat_id", "message_id", "text", "reply_markup"],
};

/** Bot API: an error's code, its words, and sometimes what to do. */
const refusal = (code: number, description: string, parameters?: object) => ({
  status: code,
  body: { ok: false, error_code: code, description, ...(parameters ? { parameters } : {}) },
});

type Reply = { readonly status: number; readonly body: object };

const buttonsOf = (body: Body): ShownMessage["buttons"] | null => {
  const rows = body.reply_markup?.inline_keyboard ?? [];
  if (!Array.isArray(rows)) return null;
  const buttons = rows.flat() as { text?: unknown; callback_data?: unknown }[];
  const fits = buttons.every(({ text, callback_data: data }) => {
    if (typeof text !== "string" || typeof data !== "string") return false;
    const bytes = Buffer.byteLength(data);
    return text !== "" && bytes >= 1 && bytes <= 64;
  });
  return fits && buttons.length <= 100
    ? buttons.map(({ text, callback_data: data }) => ({ label: String(text), data: String(data) }))
    : null;
};

/** What is wrong with a request before anybody looks at the chat. */
const malformed = (method: string, body: Body): Reply | null => {
  const known = FIELDS[method];
  if (!known) return refusal(404, "Not Found");
  const unknown = Object.keys(body).find((field) => !known.includes(field));
  if (unknown) return refusal(400, `Bad Request: unknown field ${unknown}`);
  if (typeof body.chat_id !== "number") return refusal(400, "Bad Request: chat_id is empty");
  if (typeof body.text !== "string" || body.text === "") return refusal(400, "Bad Request: message text is empty");
  if (body.text.length > 4096) return refusal(400, "Bad Request: message is too long");
  return buttonsOf(body) ? null : refusal(400, "Bad Request: BUTTON_DATA_INVALID");
};

const act = (all: Chats, method: string, chat: string, body: Body): Reply => {
  const message = { text: String(body.text), buttons: buttonsOf(body) ?? [] };
  const result = (id: string) => ({ ok: true, result: { message_id: Number(id), chat: { id: Number(chat) } } });
  if (method === "sendMessage") return { status: 200, body: result(all.add(chat, message)) };
  const id = String(body.message_id);
  const before = all.find(chat, id);
  if (!before) return refusal(400, "Bad Request: message to edit not found");
  if (before.text === message.text && JSON.stringify(before.buttons) === JSON.stringify(message.buttons)) {
    return refusal(400, "Bad Request: message is not modified: specified new message content is the same");
  }
  all.edit(chat, id, message);
  return { status: 200, body: result(id) };
};

const reply = async (all: Chats, method: string, body: Body): Promise<Reply | "reset"> => {
  const wrong = malformed(method, body);
  const chat = String(body.chat_id);
  if (wrong) {
    all.violations.push(`${method}: ${JSON.stringify(wrong.body)}`);
    return wrong;
  }
  const trouble = all.trouble(method === "sendMessage" ? "send" : "redraw", chat);
  const next = all.movedTo(chat);
  if (next) {
    const parameters = { migrate_to_chat_id: Number(next) };
    return refusal(400, "Bad Request: group chat was upgraded to a supergroup chat", parameters);
  }
  if (!all.exists(chat)) return refusal(400, "Bad Request: chat not found");
  if (all.isGone(chat)) return refusal(403, "Forbidden: bot was blocked by the user");
  if (trouble?.kind === "limited") {
    const parameters = { retry_after: trouble.seconds };
    return refusal(429, `Too Many Requests: retry after ${trouble.seconds}`, parameters);
  }
  if (trouble?.kind === "refused") return refusal(400, "Bad Request: can't parse entities");
  const done = act(all, method, chat, body);
  if (trouble?.kind === "reset-after-accepting") return "reset";
  if (trouble?.kind === "slow") await new Promise((resolve) => setTimeout(resolve, trouble.ms));
  return done;
};

/** The habits of the Bot API (core.telegram.org/bots/api, and the error texts of tdlib/telegram-bot-api). */
export const telegramServer = async (): Promise<ScriptedServer> => {
  const all = chats();
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const [, bot, method = ""] = (request.url ?? "").split("/");
    const body = JSON.parse((await bodyOf(request)).toString()) as Body;
    const answer = bot === `bot${TOKEN}` ? await reply(all, method, body) : refusal(401, "Unauthorized");
    if (answer === "reset") return void request.socket.resetAndDestroy();
    response.writeHead(answer.status, { "content-type": "application/json" }).end(JSON.stringify(answer.body));
  };
  const served = await serve(handle);
  let update = randomInt(1_000_000, 2_000_000);
  const event = (fields: object) => ({ id: String(++update), body: JSON.stringify({ update_id: update, ...fields }) });
  return {
    ...served,
    chats: all,
    newChat: () => String(randomInt(100_000_000, 999_999_999)),
    tap: (chat, id, data) =>
      event({
        callback_query: {
          id: `q${update + 1}`,
          from: { id: Number(chat), language_code: "zh-hans" },
          message: { message_id: Number(id), chat: { id: Number(chat) } },
          data,
        },
      }),
    say: (chat, text) =>
      event({
        message: {
          message_id: 1,
          from: { id: Number(chat), language_code: "zh-hans" },
          chat: { id: Number(chat) },
          text,
        },
      }),
    request: (given) => ({
      path: "/webhooks/scripted-telegram",
      headers: { "content-type": "application/json", "x-telegram-bot-api-secret-token": SECRET },
      body: given.body,
    }),
  };
};
