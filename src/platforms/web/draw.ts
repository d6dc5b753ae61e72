import { randomBytes } from "node:crypto";
import type { Locale } from "../../domain/language.ts";
import { composer } from "../../html/chat-frame.ts";
import { chatLog, type TurnPlace, turn } from "../../html/chat-log.ts";
import type { ChatPlace } from "../../html/chat-view.ts";
import { type Html, html, toMarkup } from "../../html/html.ts";
import type { ChatMessage } from "../../ports/store/chat-store.ts";
import { addressOf, type WebParts } from "./parts.ts";

type Parts = Pick<WebParts, "keys" | "say">;

/** Enough that no two forms ever meet. */
const nonce = (): string => randomBytes(16).toString("base64url");

const turnPlace = (parts: Parts, { chat, base }: ChatPlace, locale: Locale): TurnPlace => ({
  locale,
  say: (words) => parts.say(words, locale),
  press: `${base}/press`,
  code: (action) => parts.keys.buttonCode(action, addressOf(chat)),
  nonce,
});

/** A message as the data of a `turn` event. */
export const drawTurn = (parts: Parts, place: ChatPlace, locale: Locale, message: ChatMessage): string =>
  JSON.stringify([place.log, toMarkup(turn(message, turnPlace(parts, place, locale)))]);

/** The messages of a chat, and under them where its person writes. */
export const drawChat = (
  parts: Parts,
  place: ChatPlace,
  locale: Locale,
  messages: readonly ChatMessage[],
  earlier: Html | null,
): Html => {
  const shared = turnPlace(parts, place, locale);
  const log = chatLog(place.log, messages, shared, earlier);
  return html`${log}${composer({ id: place.log, base: place.base, say: shared.say, nonce })}`;
};
