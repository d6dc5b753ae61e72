import type { Address } from "../../domain/address.ts";

/** Where a message goes: a chat, and within a forum or a private chat with topics one of its threads. */
export interface Place {
  /** Up to 52 bits and for groups negative, so that a number holds it (core.telegram.org/bots/api#chat). */
  readonly chat_id: number;
  readonly message_thread_id?: number;
}

const CHAT = /^(-?\d{1,16})(?:\/(\d{1,10}))?$/;

/** Reads "123456789", "-1001234567890" or, for a topic, "-1001234567890/42"; null for anything else. */
export const placeOf = (chat: string): Place | null => {
  const [, id, thread] = CHAT.exec(chat) ?? [];
  if (id === undefined || !Number.isSafeInteger(Number(id))) return null;
  return thread === undefined ? { chat_id: Number(id) } : { chat_id: Number(id), message_thread_id: Number(thread) };
};

export const addressOf = (chat: number, thread?: number): Address => ({
  platform: "telegram",
  chat: thread === undefined ? String(chat) : `${chat}/${thread}`,
});
