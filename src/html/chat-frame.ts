import { phrase } from "../dialogue/phrase.ts";
import { MOST_WORDS } from "./card.ts";
import { type Html, html } from "./html.ts";
import { icon } from "./icons.ts";
import type { Say } from "./say.ts";

/** The commands that stand as buttons over the field. */
export const QUICK = { todo: "button.todo", proxy: "button.proxy-list", help: "button.help" } as const;

/** Where a person writes: the usual commands as buttons, and a field. Two forms that post without script. */
export const composer = (place: {
  readonly id: string;
  readonly base: string;
  readonly say: Say;
  readonly nonce: () => string;
}): Html => {
  const { id, base, say, nonce } = place;
  const hidden = (): Html => html`<input type="hidden" name="nonce" value="${nonce()}">`;
  return html`<div class="composer" data-composer><p class="problem" role="alert" data-problem data-offline="${say(phrase("web.offline"))}"></p>
<form class="quick" method="post" action="${base}/say" data-post>${hidden()}${Object.entries(QUICK).map(
    ([name, key]) => html`<button class="btn" name="quick" value="${name}">${say(phrase(key))}</button>`,
  )}</form>
<form class="in" method="post" action="${base}/say" data-post>${hidden()}<label class="vh" for="${id}-say">${say(phrase("web.write-label"))}</label><input class="field" id="${id}-say" name="text" type="text" maxlength="${MOST_WORDS}" placeholder="${say(phrase("web.write"))}" autocomplete="off" required><button class="btn p send"><span class="vh">${say(phrase("web.send"))}</span>${icon("send")}</button></form></div>`;
};

/** Where a page says that its stream has dropped, and of what time it is. Its script fills in the time. */
export const staleLine = (say: Say): Html =>
  html`<p class="stale" role="status" data-stale="${say(phrase("web.stale", { at: "{at}" }))}" hidden></p>`;

/** The head of a chat: our mark, our name, and whose chat this is. `level` is the heading's place on its page. */
export const chatHead = (say: Say, whose: string, level: "h1" | "p"): Html => {
  const name = say(phrase("app.name"));
  return html`<div class="who"><span class="logo">${icon("logo")}</span><div>${level === "h1" ? html`<h1>${name}</h1>` : html`<p><b>${name}</b></p>`}<p class="whose">${whose}</p></div></div>`;
};
