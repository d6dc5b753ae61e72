import type { Action } from "../../dialogue/action.ts";
import { pagesOf } from "../../dialogue/pages.ts";
import type { Phrase } from "../../dialogue/phrase.ts";
import { phrase } from "../../dialogue/phrase.ts";
import type { Button, Card } from "../../dialogue/screen.ts";
import type { Locale } from "../../domain/language.ts";
import type { TelegramHtml } from "./html-text.ts";
import { content, escaped, folded, lines, shownLength, tagged } from "./html-text.ts";

/** core.telegram.org/bots/api#sendmessage: after entities are parsed. */
export const TEXT = 4096;
/** Nothing is documented; beyond these the server was seen to answer "reply markup is too long". */
export const BUTTONS = 100;
/** Room for a card's own lines beside a page of the whole text. */
const OWN_LINES = 1200;

interface InlineButton {
  readonly text: string;
  readonly callback_data: string;
}

/** The fields of `sendMessage` and `editMessageText` that a card decides. */
export interface MessageBody {
  readonly text: string;
  readonly parse_mode: "HTML";
  readonly link_preview_options: { readonly is_disabled: true };
  /** Empty where an edit must take the buttons away. */
  readonly reply_markup: { readonly inline_keyboard: readonly (readonly InlineButton[])[] };
}

export interface DrawParts {
  /** The data of a button for this chat. */
  readonly code: (action: Action) => string;
  readonly say: (words: Phrase, locale: Locale) => string;
}

const joined = (parts: readonly (string | null | undefined)[]): TelegramHtml =>
  escaped(parts.filter((part) => part).join(" · "));

const itemLines = ({ items }: Card): readonly TelegramHtml[] =>
  items.map(({ title, detail }, at) => lines([tagged("b", escaped(`${at + 1}  ${title}`)), escaped(detail ?? "")]));

/** Which part of the whole text is open: none, or a page of it. */
const reading = (card: Card) => {
  const { rest, open } = card.content ?? { rest: null, open: null };
  if (!rest || !open) return null;
  const pages = pagesOf(rest, TEXT - OWN_LINES);
  const page = Math.min(open.page, pages.length);
  return { pages, page, delivery: open.delivery };
};

type Reading = NonNullable<ReturnType<typeof reading>>;

const words = (card: Card, read: Reading | null): TelegramHtml => {
  const shown = read && read.page > 0 ? read.pages[read.page - 1] : null;
  const whole = shown ? folded(content(shown)) : content(card.content?.short ?? []);
  return lines([
    escaped(card.standing?.words ?? ""),
    joined([card.urgency?.words, card.number]),
    tagged("b", escaped(card.title?.text ?? "")),
    escaped(card.lead ?? ""),
    whole,
    ...card.lines.map(escaped),
    ...itemLines(card),
    escaped(card.due?.words ?? ""),
    ...card.notes.map(escaped),
  ]);
};

type Row = readonly InlineButton[];

/** The primary buttons alone on their rows, the others in twos. */
const rows = (buttons: readonly Button<string>[], draw: (button: Button<string>) => InlineButton): readonly Row[] => {
  const others = buttons.filter(({ primary }) => !primary).map(draw);
  const pairs = Array.from({ length: Math.ceil(others.length / 2) }, (_, at) => others.slice(2 * at, 2 * at + 2));
  return [...buttons.filter(({ primary }) => primary).map((button) => [draw(button)]), ...pairs];
};

/** Buttons of a list stand apart from what they belong to, so that they carry its number. */
const itemRows = ({ items }: Card, draw: (button: Button<string>) => InlineButton): readonly Row[] =>
  items.flatMap(({ button }, at) => {
    if (!button) return [];
    const { text, ...rest } = draw(button);
    return [[{ ...rest, text: items.length > 1 ? `${text} · ${at + 1}` : text }]];
  });

const readRow = ({ pages, page, delivery }: Reading, { code, say }: DrawParts, locale: Locale): Row => {
  const to = (target: number, label: Phrase): InlineButton => ({
    text: say(label, locale),
    callback_data: code({ do: "read", delivery, page: target }),
  });
  if (page === 0) return [to(1, phrase("telegram.read-all"))];
  const next = to(page + 1, phrase("telegram.read-on", { page: page + 1, pages: pages.length }));
  return [...(page < pages.length ? [next] : []), to(0, phrase("telegram.fold"))];
};

/**
 * A card as a Telegram message. Where more is there than stands on the card, a button unfolds it in place, page by page.
 * Null when the message would be longer than Telegram takes.
 */
export const drawMessage = (card: Card, parts: DrawParts): MessageBody | null => {
  const read = reading(card);
  const text = words(card, read);
  const draw = ({ label, action }: Button<string>): InlineButton => ({
    text: label,
    callback_data: parts.code(action),
  });
  const keyboard = [
    ...rows(card.buttons, draw),
    ...itemRows(card, draw),
    ...(read ? [readRow(read, parts, card.locale)] : []),
  ];
  if (shownLength(text) > TEXT || keyboard.flat().length > BUTTONS) return null;
  return {
    text,
    parse_mode: "HTML",
    link_preview_options: { is_disabled: true },
    reply_markup: { inline_keyboard: keyboard },
  };
};
