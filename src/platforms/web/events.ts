import { type Action, encodeAction } from "../../dialogue/action.ts";
import { type PhraseKey, phrase } from "../../dialogue/phrase.ts";
import type { Card } from "../../dialogue/screen.ts";
import { sameBytes } from "../../domain/bytes.ts";
import { localeOf } from "../../domain/language.ts";
import { QUICK } from "../../html/chat-frame.ts";
import type { Incoming } from "../../ports/chat-platform.ts";
import type { ChatBody } from "../../ports/store/chat-store.ts";
import { addressOf, type WebParts } from "./parts.ts";
import { wordsOf } from "./posted.ts";
import type { Seat } from "./seat.ts";

/** What a form means: the event, and how it reads in the chat as the person's own words; null when it reads as nothing. */
export interface Meant {
  readonly what: Incoming["what"];
  readonly echo: string | null;
}

const COMMAND = /^[/／](\p{L}[\p{L}\p{N}_-]*)\s*(.*)$/su;

const buttons = (card: Card) => [...card.buttons, ...card.items.flatMap(({ button }) => (button ? [button] : []))];

/** The label that the person saw; null when its card has changed meanwhile. */
const labelOf = (body: ChatBody | undefined, action: Action): string | null => {
  if (body?.side !== "ours") return null;
  const bytes = encodeAction(action);
  return buttons(body.card).find((button) => sameBytes(encodeAction(button.action), bytes))?.label ?? null;
};

/** A pressed button, with the sentence beside it. */
export const readPress = async (parts: WebParts, { chat }: Seat, form: URLSearchParams): Promise<Meant> => {
  const action = parts.keys.readButton(form.get("code") ?? "", addressOf(chat));
  if (!action) return { what: { kind: "stale-press" }, echo: null };
  const text = wordsOf(form, "text") || null;
  const message = await parts.chats.find(chat, form.get("ref") ?? "");
  const label = labelOf(message?.body, action);
  return {
    what: { kind: "press", action, text, ref: message?.ref ?? null },
    echo: text && label ? `${label}\n${text}` : label,
  };
};

const isQuick = (name: string): name is keyof typeof QUICK => Object.hasOwn(QUICK, name);

/** What a person wrote, or a usual command they tapped; null for nothing. */
export const readWords = (parts: WebParts, { reader }: Seat, form: URLSearchParams): Meant | null => {
  const quick = form.get("quick") ?? "";
  if (isQuick(quick)) {
    const key: PhraseKey = QUICK[quick];
    const echo = parts.say(phrase(key), localeOf(reader.locale) ?? parts.defaultLocale);
    return { what: { kind: "command", name: quick, argument: "" }, echo };
  }
  const text = wordsOf(form, "text");
  if (text === "") return null;
  const [, name, argument = ""] = COMMAND.exec(text) ?? [];
  return { what: name ? { kind: "command", name: name.toLowerCase(), argument } : { kind: "text", text }, echo: text };
};
