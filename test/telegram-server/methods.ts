import type { Upload } from "./check.ts";
import { parseHtml } from "./parse-html.ts";
import type { Answer } from "./refusals.ts";
import {
  accepted,
  badRequest,
  POLLED_ELSEWHERE,
  refused,
  TOO_OLD,
  tooMany,
  WEBHOOK_ACTIVE,
  WEBHOOK_SET,
} from "./refusals.ts";
import type { Chat, Shown, ShownButton, State } from "./state.ts";
import type { Updates, Webhook } from "./updates.ts";

export type Values = Readonly<Record<string, unknown>>;

export interface Desk {
  readonly state: State;
  readonly updates: Updates;
  readonly bot: { readonly id: number; readonly username: string };
  /** Seconds that a message to this chat is too early; counts it when it is not. */
  readonly tooEarly: (chat: number) => number;
  /** Taps that wait for their answer: id and when they were made. */
  readonly taps: Map<string, number>;
  readonly commands: Map<string, unknown>;
  readonly files: Map<string, Buffer>;
}

type Method = (desk: Desk, values: Values) => Answer | Promise<Answer>;

const TEXT = 4096;
const CAPTION = 1024;
/** Raw text that is longer than this is not even parsed (Client.cpp). */
const RAW_BYTES = 32_768;
const TAP_LIVES_MS = 150_000;

/** The buttons as the chat shows them; null where the server says BUTTON_…_INVALID. */
const rowsOf = (markup: unknown): readonly (readonly ShownButton[])[] | null => {
  const rows = (markup as { inline_keyboard?: { text: string; callback_data?: string }[][] } | undefined)
    ?.inline_keyboard;
  if (!rows) return [];
  const fits = rows.every((row) => row.length > 0 && row.length <= 8) && rows.flat().length <= 100;
  if (!fits || rows.flat().some(({ text }) => text.trim() === "")) return null;
  return rows.map((row) => row.map(({ text, callback_data: data = "" }) => ({ text, data })));
};

type Body = Pick<Shown, "text" | "source" | "tags" | "rows">;

const bodyOf = (values: Values, words: string, most: number): Body | Answer => {
  if (Buffer.byteLength(words) > RAW_BYTES) return badRequest("text is too long");
  const parsed = values.parse_mode === "HTML" ? parseHtml(words) : { text: words, tags: [] };
  if ("problem" in parsed) return badRequest(`can't parse entities: ${parsed.problem}`);
  if (parsed.text.length > most) return badRequest("message is too long");
  const rows = rowsOf(values.reply_markup);
  return rows ? { text: parsed.text, source: words, tags: parsed.tags, rows } : badRequest("BUTTON_DATA_INVALID");
};

const described = ({ id, type, name }: Chat) => ({ id, type, first_name: name });

const shown = (desk: Desk, message: Shown) => ({
  message_id: message.id,
  date: Math.floor(Date.now() / 1000),
  chat: described(desk.state.chats.get(message.chat) as Chat),
  from: { id: desk.bot.id, is_bot: true, first_name: "Chuanda", username: desk.bot.username },
  text: message.text,
});

/** The chat that may be written to now, or why none may. */
const openChat = ({ state }: Desk, values: Values): Chat | Answer => {
  const chat = state.chats.get(Number(values.chat_id));
  if (!chat) return badRequest("chat not found");
  if (!chat.closed) return chat;
  const { code, description, migratedTo } = chat.closed;
  return refused(code, description, migratedTo === undefined ? undefined : { migrate_to_chat_id: migratedTo });
};

const put = (desk: Desk, values: Values, words: string, kind: Shown["kind"]): Answer => {
  const chat = openChat(desk, values);
  if ("status" in chat) return chat;
  const body = bodyOf(values, words, kind === "text" ? TEXT : CAPTION);
  if ("status" in body) return body;
  if (kind === "text" && body.text.trim() === "") return badRequest("message text is empty");
  const early = desk.tooEarly(chat.id);
  if (early > 0) return tooMany(early);
  return accepted(shown(desk, desk.state.add({ ...body, chat: chat.id, kind })));
};

const edit: Method = (desk, values) => {
  const chat = openChat(desk, values);
  if ("status" in chat) return chat;
  const before = desk.state.find(chat.id, Number(values.message_id));
  if (!before) return badRequest("message to edit not found");
  const body = bodyOf(values, String(values.text), TEXT);
  if ("status" in body) return body;
  if (before.source === body.source && JSON.stringify(before.rows) === JSON.stringify(body.rows))
    return badRequest(
      "message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message",
    );
  desk.state.put({ ...before, ...body });
  return accepted(shown(desk, before));
};

const answerTap: Method = ({ taps }, values) => {
  const at = taps.get(String(values.callback_query_id));
  taps.delete(String(values.callback_query_id));
  return at !== undefined && Date.now() - at < TAP_LIVES_MS ? accepted(true) : TOO_OLD;
};

const getUpdates: Method = async ({ updates }, values) => {
  const { offset = 0, limit = 100, timeout = 0, allowed_updates: allowed } = values;
  const found = await updates.get(
    Number(offset),
    Number(limit),
    Number(timeout),
    Array.isArray(allowed) ? (allowed as string[]) : null,
  );
  if (found === "webhook-active") return WEBHOOK_ACTIVE;
  if (found === "other") return POLLED_ELSEWHERE;
  return found === "webhook" ? WEBHOOK_SET : accepted(found);
};

const LOOPBACK = /^http:\/\/(127\.0\.0\.1|localhost)[:/]/;

const setWebhook: Method = ({ updates }, values) => {
  const url = String(values.url ?? "");
  if (url !== "" && !url.startsWith("https://") && !LOOPBACK.test(url))
    return badRequest("bad webhook: An HTTPS URL must be provided for webhook");
  const secret = values.secret_token === undefined ? null : String(values.secret_token);
  if (secret !== null && !/^[\w-]{1,256}$/.test(secret))
    return badRequest("secret token contains unallowed characters");
  const webhook: Webhook = { url, secret, allowed: (values.allowed_updates as readonly string[] | undefined) ?? null };
  updates.setWebhook(url === "" ? null : webhook);
  return accepted(true);
};

const upload = (desk: Desk, values: Values, field: string): void => {
  const given = values[field];
  const value = typeof given === "string" ? values[given.replace("attach://", "")] : given;
  const { upload: name, bytes } = value as Upload;
  desk.files.set(name, Buffer.alloc(bytes));
};

/** What the server does; a method of the API that is not here has no part in these tests, and says so loudly. */
export const METHODS: Readonly<Record<string, Method>> = {
  getMe: ({ bot }) => accepted({ id: bot.id, is_bot: true, first_name: "Chuanda", username: bot.username }),
  sendMessage: (desk, values) => put(desk, values, String(values.text), "text"),
  sendPhoto: (desk, values) => {
    upload(desk, values, "photo");
    return put(desk, values, String(values.caption ?? ""), "photo");
  },
  sendDocument: (desk, values) => {
    upload(desk, values, "document");
    return put(desk, values, String(values.caption ?? ""), "document");
  },
  editMessageText: edit,
  answerCallbackQuery: answerTap,
  getUpdates,
  setWebhook,
  deleteWebhook: ({ updates }) => {
    updates.setWebhook(null);
    return accepted(true);
  },
  getWebhookInfo: ({ updates }) =>
    accepted({
      url: updates.webhook()?.url ?? "",
      has_custom_certificate: false,
      pending_update_count: updates.waiting(),
    }),
  setMyCommands: ({ commands }, values) => {
    commands.set(String(values.language_code ?? ""), values.commands);
    return accepted(true);
  },
  getMyCommands: ({ commands }, values) => accepted(commands.get(String(values.language_code ?? "")) ?? []),
  getFile: ({ files }, values) => {
    const id = String(values.file_id);
    const bytes = files.get(id);
    if (!bytes) return badRequest("invalid file_id");
    if (bytes.length > 20 * 1024 * 1024) return badRequest("file is too big");
    return accepted({ file_id: id, file_unique_id: id, file_size: bytes.length, file_path: `documents/${id}` });
  },
};
