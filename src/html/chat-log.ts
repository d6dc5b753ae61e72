import { onDay, phrase } from "../dialogue/phrase.ts";
import type { Card } from "../dialogue/screen.ts";
import { type CardPlace, card } from "./card.ts";
import { glyphs } from "./glyphs.ts";
import { type Html, html } from "./html.ts";

/** A message of a chat, to be drawn. */
export interface Turn {
  readonly ref: string;
  /** Service time. */
  readonly at: Date;
  readonly body: { readonly side: "ours"; readonly card: Card } | { readonly side: "theirs"; readonly text: string };
}

/** What all messages of one chat on one page share. */
export type TurnPlace = Omit<CardPlace, "id" | "ref">;

/** Messages nearer to each other than this stand under one time. */
const QUIET_MS = 15 * 60_000;

const time = (turn: Turn, { say }: TurnPlace): Html =>
  html`<p class="day"><time datetime="${turn.at.toISOString()}">${say(phrase("web.when", { at: onDay(turn.at) }))}</time></p>`;

/** The id of a message's element; a redrawn message keeps it. */
const turnId = (ref: string): string => `m-${ref}`;

/**
 * One message with its time above it. In a stream the time always comes along, for only the page knows what stands
 * before; `previous` leaves it out where it would only repeat.
 */
export const turn = (one: Turn, place: TurnPlace, previous: Date | null = null): Html => {
  const id = turnId(one.ref);
  const near = previous !== null && one.at.getTime() - previous.getTime() < QUIET_MS;
  const inside =
    one.body.side === "ours"
      ? card(one.body.card, { ...place, id, ref: one.ref })
      : html`<div class="msg me"><span class="vh">${place.say(phrase("web.you"))}</span>${glyphs(one.body.text)}</div>`;
  return html`<div class="turn ${one.body.side}" id="${id}" data-at="${one.at.getTime()}">${!near && time(one, place)}${inside}</div>`;
};

/** The messages of a chat, oldest first, in a box that begins at its end. New ones are announced politely. */
export const chatLog = (id: string, turns: readonly Turn[], place: TurnPlace, earlier: Html | null): Html => {
  const drawn = turns.map((one, at) => turn(one, place, turns[at - 1]?.at ?? null));
  const empty = html`<p class="empty">${place.say(phrase("web.empty"))}</p>`;
  return html`<div class="msgs" role="log" tabindex="0" aria-label="${place.say(phrase("web.log"))}"><div class="turns" id="${id}">${earlier}${turns.length === 0 ? empty : drawn}</div></div>`;
};
