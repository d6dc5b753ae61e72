import { type Html, html } from "./html.ts";

/** The signs that our words use, each with its drawing in the sprite: many a machine has no font for them. */
const DRAWN: Readonly<Record<string, string>> = { "✅": "check", "⏰": "clock", "↩": "back" };

const drawing = (sign: string): Html =>
  html`<span class="glyph"><span class="vh">${sign}</span><svg class="i" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><use href="#${DRAWN[sign] as string}"/></svg></span>`;

/** Words with their signs drawn; the sign itself stays in the text, for readers and for whoever copies it. */
export const glyphs = (words: string): Html =>
  html`${words.split(/(✅|⏰|↩)/u).map((part) => (Object.hasOwn(DRAWN, part) ? drawing(part) : part))}`;
