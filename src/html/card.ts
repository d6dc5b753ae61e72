import type { Action } from "../dialogue/action.ts";
import { phrase } from "../dialogue/phrase.ts";
import type { Button, Card, Item } from "../dialogue/screen.ts";
import type { Block } from "../domain/content.ts";
import type { Locale } from "../domain/language.ts";
import { content } from "./content.ts";
import { glyphs } from "./glyphs.ts";
import { type Html, html } from "./html.ts";
import type { Say } from "./say.ts";

/** Where a card stands, and what its buttons do there. */
export interface CardPlace {
  /** The language of the page around it. */
  readonly locale: Locale;
  readonly say: Say;
  /** Begins the ids of the elements inside. */
  readonly id: string;
  /** Which message its buttons belong to. */
  readonly ref: string;
  /** Where its buttons post to. */
  readonly press: string;
  /** The data of a button, good for this reader alone. */
  readonly code: (action: Action) => string;
  /** A fresh word for every form: two posts with the same one are the same press. */
  readonly nonce: () => string;
}

/** What a sentence that comes with a press may have at most; the server refuses more. */
export const MOST_WORDS = 1000;

const form = (place: CardPlace, kind: "kb" | "asks", inside: Html): Html =>
  html`<form class="${kind}" method="post" action="${place.press}" data-post><input type="hidden" name="nonce" value="${place.nonce()}"><input type="hidden" name="ref" value="${place.ref}">${inside}</form>`;

const press = (button: Button<string>, place: CardPlace, alone: boolean): Html =>
  html`<button class="btn${button.primary && " p"}${(button.primary || alone) && " span"}" name="code" value="${place.code(button.action)}">${glyphs(button.label)}</button>`;

/** A button that needs a sentence has its field above it. */
const asking = (button: Button<string>, prompt: string, place: CardPlace, at: string): Html => {
  const id = `${place.id}-${at}`;
  return form(
    place,
    "asks",
    html`<label for="${id}">${prompt}</label><input class="field" id="${id}" name="text" type="text" maxlength="${MOST_WORDS}" required autocomplete="off">${press(button, place, true)}`,
  );
};

/** Rows of a keyboard: the primary button alone, the others in twos, and one that is left over alone. */
const keyboard = (buttons: readonly Button<string>[], place: CardPlace): Html | null => {
  if (buttons.length === 0) return null;
  const others = buttons.filter((button) => !button.primary);
  const last = others.length % 2 === 1 ? others.at(-1) : null;
  return form(place, "kb", html`${buttons.map((button) => press(button, place, button === last))}`);
};

const buttons = (card: Card, place: CardPlace): readonly (Html | null)[] => [
  ...card.buttons.map((button, at) => (button.asks === null ? null : asking(button, button.asks, place, `b${at}`))),
  keyboard(
    card.buttons.filter((button) => button.asks === null),
    place,
  ),
];

const item = ({ title, detail, button }: Item<string>, place: CardPlace, at: number): Html => {
  const own =
    button && (button.asks === null ? keyboard([button], place) : asking(button, button.asks, place, `i${at}`));
  return html`<li><b>${title}</b>${detail && html`<span class="detail">${glyphs(detail)}</span>`}${own}</li>`;
};

const head = ({ standing, urgency, number, title }: Card): readonly (Html | null)[] => [
  standing && html`<p class="standing ${standing.tone}">${glyphs(standing.words)}</p>`,
  urgency || number
    ? html`<p class="meta">${urgency && html`<span class="chip ${urgency.weight}">${urgency.words}</span>`}${number && html`<span>${number}</span>`}</p>`
    : null,
  title && html`<h3 lang="${title.locale}">${title.text}</h3>`,
];

/** The author's words are in the language of their title, which need not be the reader's. */
const body = (card: Card, place: CardPlace): Html | null => {
  if (!card.content) return null;
  const { short, rest } = card.content;
  const lang = card.title?.locale ?? card.locale;
  const words = (blocks: readonly Block[]): Html =>
    html`<div class="words" lang="${lang}">${content(blocks, place.say)}</div>`;
  return html`${short.length > 0 && words(short)}${
    rest &&
    html`<details class="rest" id="${place.id}-rest"><summary lang="${place.locale}">${place.say(phrase("web.read-all"))}</summary>${words(rest)}</details>`
  }`;
};

/** A card that asks or explains takes the width that buttons are easy to hit at; a short reply takes what it needs. */
const width = ({ title, items, buttons: own }: Card): string =>
  title || items.length > 0 || own.length > 0 ? "box wide" : "box";

const words = (lines: readonly string[], kind: string | null): readonly Html[] =>
  lines.map((line) => html`<p${kind && html` class="${kind}"`}>${glyphs(line)}</p>`);

/** A card as it stands in a chat: the message, and under it its buttons, which work without any script. */
export const card = (drawn: Card, place: CardPlace): Html => {
  const { due, items, lead } = drawn;
  const list = html`<ol class="items">${items.map((one, at) => item(one, place, at))}</ol>`;
  return html`<div class="${width(drawn)}" lang="${drawn.locale}"><article class="msg" aria-label="${drawn.fallback}">
${head(drawn)}${lead ? html`<p class="lead">${glyphs(lead)}</p>` : null}${body(drawn, place)}${words(drawn.lines, null)}${items.length > 0 && list}
${due && html`<p class="due${due.late && " late"}">${glyphs(due.words)}</p>`}${words(drawn.notes, "fine")}</article>
${buttons(drawn, place)}</div>`;
};
