import { phrase } from "../dialogue/phrase.ts";
import { document, type Page } from "./document.ts";
import { type Html, html } from "./html.ts";
import { icon } from "./icons.ts";

export interface Note extends Pick<Page, "look" | "assets" | "say"> {
  readonly title: string;
  /** A paragraph each: what happened, whether anything is lost, what to do. */
  readonly lines: readonly string[];
  /** The one thing to do here: a link or a form, or nothing. */
  readonly action: Html | null;
  readonly small: readonly string[];
}

/** A page that says one thing kindly. */
export const notePage = ({ title, lines, action, small, ...page }: Note): Html =>
  document({
    ...page,
    title: `${title} · ${page.say(phrase("app.name"))}`,
    kind: "note",
    header: html`<header class="brand"><span class="logo">${icon("logo")}<span>${page.say(phrase("app.name"))}</span></span></header>`,
    main: html`<div class="card"><h1>${title}</h1>${lines.map((line) => html`<p>${line}</p>`)}${action}${small.map((line) => html`<p class="fine">${line}</p>`)}</div>`,
  });
