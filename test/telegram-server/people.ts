import { randomInt, randomUUID } from "node:crypto";
import type { Desk } from "./methods.ts";
import type { Chat, Shown } from "./state.ts";
import type { Update } from "./updates.ts";

/** Somebody before a screen. */
export interface Person {
  readonly id: number;
  /** What stands in the chat with the bot, the oldest first. */
  shows(): readonly Shown[];
  says(text: string): Update;
  /** Sends something beside words: the fields of a message that carry it. */
  sends(fields: object): Update;
  /** Follows a link `t.me/bot?start=payload`, or opens the bot. */
  starts(payload?: string): Update;
  /** Presses a button of a message: the last one that has it, where none is named. */
  taps(label: string | RegExp, message?: number): Update;
  /** Sends the data of a button that need not be there. */
  forges(data: string, message: number): Update;
  blocks(): Update;
  unblocks(): Update;
  /** Telegram tells the same once more. */
  again(update: Update): void;
}

export interface PersonOptions {
  readonly id?: number;
  readonly name?: string;
  readonly language?: string;
  /** Whether they have spoken to the bot before; otherwise it may not write to them. */
  readonly started?: boolean;
}

export interface People {
  person(options?: PersonOptions): Person;
  /** A group that the bot is in. Those who are named say things there. */
  group(options?: { readonly id?: number }): {
    readonly id: number;
    shows(): readonly Shown[];
    says(by: Person, text: string): Update;
  };
  /** Closes a chat for the bot in the official server's words. */
  shut(chat: number, closed: Chat["closed"]): void;
}

const NOT_STARTED = { code: 400, description: "Bad Request: chat not found" } as const;
const BLOCKED = { code: 403, description: "Forbidden: bot was blocked by the user" } as const;

const described = ({ id, name, language }: Chat) => ({ id, is_bot: false, first_name: name, language_code: language });
const seconds = (): number => Math.floor(Date.now() / 1000);

export const people = (desk: Desk): People => {
  const { state, updates, taps } = desk;

  const sent = (chat: Chat, by: Chat, fields: object): Update => {
    const place = { id: chat.id, type: chat.type, first_name: chat.name };
    const message = { message_id: state.newId(), date: seconds(), chat: place, from: described(by), ...fields };
    return updates.push("message", message, `chat ${chat.id}`);
  };

  const said = (chat: Chat, by: Chat, text: string): Update => {
    const entities = text.startsWith("/")
      ? { entities: [{ type: "bot_command", offset: 0, length: (text.split(/\s/)[0] ?? "").length }] }
      : {};
    return sent(chat, by, { text, ...entities });
  };

  const tap = (chat: Chat, data: string, message: number): Update => {
    const id = randomUUID();
    taps.set(id, Date.now());
    const on = { message_id: message, date: seconds(), chat: { id: chat.id, type: chat.type, first_name: chat.name } };
    const query = { id, from: described(chat), chat_instance: "1", message: on, data };
    return updates.push("callback_query", query, `user ${chat.id}`);
  };

  const membership = (chat: Chat, status: "kicked" | "member"): Update => {
    const bot = { id: desk.bot.id, is_bot: true, first_name: "Chuanda", username: desk.bot.username };
    const old = status === "kicked" ? "member" : "kicked";
    const change = {
      ...{ chat: { id: chat.id, type: chat.type, first_name: chat.name }, from: described(chat), date: seconds() },
      ...{ old_chat_member: { user: bot, status: old }, new_chat_member: { user: bot, status, until_date: 0 } },
    };
    return updates.push("my_chat_member", change, `chat ${chat.id}`);
  };

  return {
    person: ({ id = randomInt(100_000_000, 2 ** 47), name = "周建国", language = "zh-hans", started = true } = {}) => {
      const chat = state.open({ id, type: "private", name, language, closed: started ? null : NOT_STARTED });
      const say = (text: string): Update => {
        if (chat.closed === NOT_STARTED) chat.closed = null;
        return said(chat, chat, text);
      };
      return {
        id,
        shows: () => state.shows(id),
        says: say,
        sends: (fields) => sent(chat, chat, fields),
        starts: (payload) => say(payload === undefined ? "/start" : `/start ${payload}`),
        taps: (label, message) => {
          const all = state.shows(id).filter((each) => message === undefined || each.id === message);
          const fits = (text: string): boolean => (typeof label === "string" ? text === label : label.test(text));
          const found = all
            .toReversed()
            .flatMap((each) => each.rows.flat().map((button) => ({ each, button })))
            .find(({ button }) => fits(button.text));
          if (!found) throw new Error(`no button ${label} in ${JSON.stringify(all.map(({ rows }) => rows))}`);
          return tap(chat, found.button.data, found.each.id);
        },
        forges: (data, message) => tap(chat, data, message),
        blocks: () => {
          chat.closed = BLOCKED;
          return membership(chat, "kicked");
        },
        unblocks: () => {
          chat.closed = null;
          return membership(chat, "member");
        },
        again: (update) => updates.repeat(update, "callback_query" in update ? `user ${id}` : `chat ${id}`),
      };
    },
    group: ({ id = -1_000_000_000_000 - randomInt(1_000_000_000) } = {}) => {
      const chat = state.open({ id, type: "supergroup", name: "安全群", language: "zh", closed: null });
      return {
        id,
        shows: () => state.shows(id),
        says: (by, text) => said(chat, state.chats.get(by.id) as Chat, text),
      };
    },
    shut: (chat, closed) => {
      const found = state.chats.get(chat);
      if (found) found.closed = closed;
    },
  };
};
