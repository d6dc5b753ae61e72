import { phrase } from "../../dialogue/phrase.ts";
import { localeOf } from "../../domain/language.ts";
import { chatHead, staleLine } from "../../html/chat-frame.ts";
import type { ChatPlace } from "../../html/chat-view.ts";
import { document, type Look } from "../../html/document.ts";
import { type Html, html, toMarkup } from "../../html/html.ts";
import type { Say } from "../../html/say.ts";
import type { ChatMessage, ChatReader } from "../../ports/store/chat-store.ts";
import { themeIn } from "./cookies.ts";
import { drawChat } from "./draw.ts";
import type { WebParts } from "./parts.ts";
import { settingsMenu } from "./settings-menu.ts";

/** What one page shows at first; the rest is a link away. */
export const PAGE_MESSAGES = 50;

export interface ChatPageFacts {
  readonly reader: ChatReader;
  readonly messages: readonly ChatMessage[];
  /** The change at which they stand; null where older messages are read back, which nothing changes. */
  readonly seq: bigint | null;
  readonly canLeave: boolean;
}

/** How a known reader wants their pages. */
export const lookOf = (reader: ChatReader, headers: Headers, parts: Pick<WebParts, "defaultLocale">): Look => ({
  locale: localeOf(reader.locale) ?? parts.defaultLocale,
  theme: themeIn(headers),
  large: reader.largeType,
});

const ways = (base: string, { messages, seq }: ChatPageFacts, say: Say): Html => {
  const first = (messages.length === PAGE_MESSAGES && messages[0]) || null;
  return html`${seq === null && html`<a class="earlier" href="${base}">${say(phrase("web.latest"))}</a>`}${
    first && html`<a class="earlier" href="${base}?before=${first.ref}">${say(phrase("web.earlier"))}</a>`
  }`;
};

const live = (base: string, seq: bigint | null): Html | null =>
  seq === null ? null : html` data-live="${base}/events" data-after="${seq}"`;

/** The page of one chat: whose it is, the messages, where one writes. */
export const chatPage = (parts: WebParts, place: ChatPlace, look: Look, facts: ChatPageFacts): string => {
  const say: Say = (words) => parts.say(words, look.locale);
  const { unitName } = facts.reader;
  // Who is not enrolled yet has no name.
  const name = facts.reader.name || say(phrase("web.guest"));
  const chat = drawChat(parts, place, look.locale, facts.messages, ways(place.base, facts, say));
  return toMarkup(
    document({
      look,
      title: say(phrase("web.title")),
      assets: parts.assets,
      say,
      kind: "chat",
      header: html`<header>${chatHead(say, unitName === null ? name : `${unitName} · ${name}`, "h1")}${settingsMenu(place.base, look, say, facts.canLeave)}</header>`,
      main: html`<h2 class="vh">${say(phrase("web.log"))}</h2><div class="scr" data-chat${live(place.base, facts.seq)}>${staleLine(say)}${chat}</div>`,
    }),
  );
};
