import { type PhraseKey, phrase } from "../../dialogue/phrase.ts";
import type { Look } from "../../html/document.ts";
import { type Html, html } from "../../html/html.ts";
import { icon } from "../../html/icons.ts";
import type { Say } from "../../html/say.ts";

interface Choice {
  readonly value: string;
  readonly words: string;
  readonly lang?: string;
}

const LANGUAGES: readonly Choice[] = [
  { value: "zh-CN", words: "中文", lang: "zh-CN" },
  { value: "en", words: "English", lang: "en" },
];

const choice = (name: string, legend: string, choices: readonly Choice[], chosen: string): Html =>
  html`<fieldset><legend>${legend}</legend><div class="choice">${choices.map(
    ({ value, words, lang }) =>
      html`<button name="${name}" value="${value}" aria-pressed="${String(value === chosen)}"${lang ? html` lang="${lang}"` : null}>${words}</button>`,
  )}</div></fieldset>`;

/** Language, type size, light or dark, and the way out: one form that works without script. */
export const settingsMenu = (base: string, look: Look, say: Say, canLeave: boolean): Html => {
  const said = (keys: Readonly<Record<string, PhraseKey>>): readonly Choice[] =>
    Object.entries(keys).map(([value, key]) => ({ value, words: say(phrase(key)) }));
  const sizes = said({ normal: "web.size.normal", large: "web.size.large" });
  const themes = said({ auto: "web.theme.auto", light: "web.theme.light", dark: "web.theme.dark" });
  return html`<details class="menu"><summary><span class="vh">${say(phrase("web.settings"))}</span>${icon("settings")}</summary><div>
<form class="stack" method="post" action="${base}/settings" data-preview>
${choice("language", say(phrase("web.language")), LANGUAGES, look.locale)}
${choice("size", say(phrase("web.size")), sizes, look.large ? "large" : "normal")}
${choice("theme", say(phrase("web.theme")), themes, look.theme ?? "auto")}</form>
${canLeave && html`<form method="post" action="${base}/leave"><button class="btn span">${say(phrase("web.leave"))}</button></form>`}</div></details>`;
};
