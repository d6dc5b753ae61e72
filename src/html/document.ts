import { phrase } from "../dialogue/phrase.ts";
import type { Locale } from "../domain/language.ts";
import { type Html, html } from "./html.ts";
import { sprite } from "./icons.ts";
import type { Say } from "./say.ts";

/** How a page looks to its reader: rendered by the server, so that it is right before any script runs. */
export interface Look {
  readonly locale: Locale;
  /** Null follows the device. */
  readonly theme: Theme | null;
  readonly large: boolean;
}

export type Theme = "light" | "dark";

/** Where the style, the script and the icon are. */
export interface AssetLinks {
  readonly style: string;
  readonly script: string;
  readonly icon: string;
}

export interface Page {
  readonly look: Look;
  readonly title: string;
  readonly assets: AssetLinks;
  readonly say: Say;
  /** Styles the page as a whole: `chat` fills the window, `note` is one quiet card. */
  readonly kind: "chat" | "note" | "wide";
  /** What stands before the main part: a `<header>`, or nothing. */
  readonly header: Html | null;
  readonly main: Html;
}

/** A whole page: language, theme and type size on the root, a way past the header, landmarks. */
export const document = ({ look, title, assets, say, kind, header, main }: Page): Html => html`<!doctype html>
<html lang="${look.locale}" data-theme="${look.theme ?? "auto"}" data-size="${look.large ? "large" : "normal"}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="color-scheme" content="${look.theme ?? "light dark"}"><meta name="robots" content="noindex"><meta name="format-detection" content="telephone=no">
<title>${title}</title><link rel="icon" href="${assets.icon}" type="image/svg+xml"><link rel="stylesheet" href="${assets.style}"><script type="module" src="${assets.script}"></script></head>
<body class="${kind}"><a class="skip" href="#main">${say(phrase("web.skip"))}</a>${sprite}
${header}
<main id="main" tabindex="-1">${main}</main></body></html>
`;
