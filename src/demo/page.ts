import type { PhraseKey } from "../dialogue/phrase.ts";
import { phrase } from "../dialogue/phrase.ts";
import { chatHead } from "../html/chat-frame.ts";
import type { AssetLinks, Look } from "../html/document.ts";
import { document } from "../html/document.ts";
import type { Html } from "../html/html.ts";
import { html } from "../html/html.ts";
import { icon } from "../html/icons.ts";
import type { Say } from "../html/say.ts";
import type { Picture } from "./parts.ts";
import { clockFace, feed, sentence, summary } from "./parts.ts";

export interface Phone {
  readonly role: "official" | "principal" | "worker";
  readonly person: string;
  readonly unit: string;
  /** The log and the composer of this person's chat. */
  readonly chat: Html;
}

const ROLE: Readonly<Record<Phone["role"], PhraseKey>> = {
  official: "demo.role.official",
  principal: "demo.role.principal",
  worker: "demo.role.worker",
};

const phone = ({ role, person, unit, chat }: Phone, say: Say): Html =>
  html`<section class="ph" data-chat aria-labelledby="ph-${role}"><h2 id="ph-${role}">${say(phrase(ROLE[role]))} <small>${person} · ${unit}</small></h2>
<div class="phone"><div class="scr">${chatHead(say, unit, "p")}${chat}</div></div></section>`;

const tool = (name: string, value: string, label: Html | string): Html =>
  html`<button class="tool" name="${name}" value="${value}">${label}</button>`;

/** Type size, language and theme: a form that works without script. */
const tools = ({ locale, theme, large }: Look, say: Say): Html => {
  const next = theme === "dark" ? "light" : "dark";
  return html`<form class="tools" method="post" action="/demo/settings">
${tool("size", large ? "normal" : "large", html`<b aria-hidden="true">Aa</b><span class="vh">${say(phrase(large ? "demo.size.normal" : "demo.size.large"))}</span>`)}
${locale === "en" ? tool("language", "zh-CN", html`<span lang="zh-CN">中文</span>`) : tool("language", "en", html`<span lang="en">English</span>`)}
${tool("theme", next, say(phrase(next === "dark" ? "web.theme.dark" : "web.theme.light")))}</form>`;
};

/** Puts the clock forward: what would take days is seen at once. */
const skips = (say: Say): Html =>
  html`<form class="tools" method="post" action="/demo/skip">${tool("to", "rung", say(phrase("demo.skip.rung")))}${tool("to", "digest", say(phrase("demo.skip.digest")))}</form>`;

const header = (look: Look, say: Say): Html =>
  html`<header class="top"><div><span class="logo">${icon("logo")}<span>${say(phrase("app.name"))}</span></span><span class="m s tagl">${say(phrase("demo.tag"))}</span>${tools(look, say)}</div></header>`;

/** The whole page: three phones on which one can act, and the live coverage beside them. `after` is where its stream goes on. */
export const demoPage = (page: {
  readonly look: Look;
  readonly assets: AssetLinks;
  readonly say: Say;
  readonly phones: readonly Phone[];
  readonly picture: Picture;
  readonly after: string;
}): Html => {
  const { look, assets, say, phones, picture } = page;
  const main = html`<div class="page" data-live="/demo/events" data-after="${page.after}" data-offline="${say(phrase("web.offline"))}">
<p class="stale" role="status" data-stale="${say(phrase("web.stale", { at: "{at}" }))}" hidden></p>
<div class="hero"><div><h1>${say(phrase("demo.title"))}</h1><p class="m">${say(phrase("demo.lead"))}</p></div><div><div class="clockbox" data-part="clock">${clockFace(picture, say)}</div>${skips(say)}</div></div>
<div class="stage"><div class="rail">${phones.map((each) => phone(each, say))}</div>
<aside class="live" aria-label="${say(phrase("demo.now"))}"><section class="card now" data-part="summary">${summary(picture, say)}</section><section class="card" data-part="feed">${feed(picture, say)}</section><p class="vh" aria-live="polite" data-part="sentence">${sentence(picture, say)}</p></aside></div></div>`;
  return document({
    look,
    title: say(phrase("demo.page-title")),
    assets,
    say,
    kind: "wide",
    header: header(look, say),
    main,
  });
};
