import { callbackQuery, message } from "telegraf/filters";
import type { Update, User } from "telegraf/types";
import type { Address } from "../../domain/address.ts";
import type { Incoming } from "../../ports/chat-platform.ts";
import type { Keys } from "../../ports/keys.ts";
import { addressOf } from "./address.ts";
import { type Carrier, mediaOf } from "./read-media.ts";

/**
 * The kinds of update we ask for (core.telegram.org/bots/api#update). Reactions are left out: they come only to
 * administrators of a chat, and are no answer.
 */
export const UPDATES = ["message", "callback_query", "my_chat_member"] as const;

export interface ReadParts {
  readonly keys: Pick<Keys, "readButton">;
  /** The bot's user name, without "@"; in groups a command may name another bot. */
  readonly bot: string;
}

/** What an update says, and the tap that waits for an answer of its own. */
export interface ReadUpdate {
  readonly incoming: Incoming;
  /** `callback_query.id`: until it is answered the button shows a clock. */
  readonly query: string | null;
}

type What = Incoming["what"];

/** "/start CODE", or "/start@bot CODE" as it is written in groups; null for words, and for what is meant for another bot. */
const command = (text: string, bot: string): What | null | "others" => {
  const found = /^\/([a-z0-9_]{1,32})(?:@(\w+))?(?:\s+([\s\S]*))?$/iu.exec(text);
  if (!found) return null;
  const [, name = "", addressee, argument = ""] = found;
  if (addressee && addressee.toLowerCase() !== bot.toLowerCase()) return "others";
  return { kind: "command", name: name.toLowerCase(), argument: argument.trim() };
};

const incoming = (update: Update, from: User, address: Address, what: What): Incoming => ({
  id: String(update.update_id),
  from: address,
  language: from.language_code ?? null,
  what,
});

/** A tap counts for whoever tapped, wherever the card stands; its code is good only where the card was sent. */
const tap = (update: Update.CallbackQueryUpdate, { keys }: ReadParts): ReadUpdate => {
  const { from, id, message: on } = update.callback_query;
  const data = callbackQuery("data")(update) ? update.callback_query.data : "";
  const action = on ? keys.readButton(data, addressOf(on.chat.id)) : null;
  const what: What = action
    ? { kind: "press", action, text: null, ref: String(on?.message_id) }
    : { kind: "stale-press" };
  return { incoming: incoming(update, from, addressOf(from.id), what), query: id };
};

const written = (update: Update.MessageUpdate, { bot }: ReadParts): Incoming | null => {
  const { from, chat } = update.message;
  if (!from || from.is_bot) return null;
  const text = message("text")(update) ? update.message.text : null;
  const asked = text === null ? null : command(text, bot);
  if (asked === "others") return null;
  // In a group people talk to one another; only a command is meant for us, and it is answered in private.
  if (chat.type !== "private") return asked && incoming(update, from, addressOf(from.id), asked);
  const what = asked ?? (text === null ? mediaOf(update.message as Carrier) : { kind: "text" as const, text });
  return what && incoming(update, from, addressOf(from.id), what);
};

/**
 * In a private chat this comes only when the person blocks the bot or takes it back; whoever starts it for the first time
 * is heard by what they write.
 */
const reach = (update: Update.MyChatMemberUpdate): Incoming => {
  const { from, chat, new_chat_member: now } = update.my_chat_member;
  const reachable = now.status !== "kicked" && now.status !== "left";
  return incoming(update, from, addressOf(chat.id), { kind: "reach", reachable });
};

/** Null for what is no concern of ours. Throws for what has another shape than the Bot API says. */
export const read = (update: Update, parts: ReadParts): ReadUpdate | null => {
  if ("callback_query" in update) return tap(update, parts);
  if ("my_chat_member" in update) return { incoming: reach(update), query: null };
  const said = "message" in update ? written(update as Update.MessageUpdate, parts) : null;
  return said && { incoming: said, query: null };
};
