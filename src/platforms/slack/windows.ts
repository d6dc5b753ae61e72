import type { HomeView, KnownBlock, ModalView } from "@slack/types";
import { pagesOf } from "../../dialogue/pages.ts";
import { type Phrase, phrase } from "../../dialogue/phrase.ts";
import type { Card } from "../../dialogue/screen.ts";
import { LOCALES, type Locale } from "../../domain/language.ts";
import { content, cut, MOST, plain, sections } from "./blocks.ts";
import { type DrawParts, drawBlocks } from "./draw.ts";
import { OPEN_CODE, VIEWS } from "./view-state.ts";

type Say = (words: Phrase, locale: Locale) => string;

/** docs.slack.dev/reference/views/modal-views: titles and the words of its two buttons. */
const TITLE = 24;
export const title = (say: Say, words: Phrase, locale: Locale) => plain(cut(say(words, locale), TITLE));

/** A window with words and nothing to fill in. */
const showing = (blocks: readonly KnownBlock[], locale: Locale, say: Say): ModalView => ({
  type: "modal",
  title: title(say, phrase("slack.text.title"), locale),
  close: title(say, phrase("slack.close"), locale),
  blocks: blocks.slice(0, MOST.view),
});

/** Everything that an author says. */
export const textWindow = (card: Card, say: Say): ModalView => {
  const pages = pagesOf(card.content?.rest ?? card.content?.short ?? [], MOST.section - 200);
  return showing([...sections([card.title?.text ?? ""]), ...pages.flatMap(content)], card.locale, say);
};

/** One line in a window, such as that a form is over. */
export const lineWindow = (line: Phrase, locale: Locale, say: Say): ModalView =>
  showing(sections([say(line, locale)]), locale, say);

/** Asks whoever is not known for their code. */
export const codeWindow = (locale: Locale, say: Say): ModalView => ({
  type: "modal",
  callback_id: VIEWS.code,
  title: title(say, phrase("slack.code.title"), locale),
  submit: title(say, phrase("slack.form.send"), locale),
  close: title(say, phrase("form.cancel"), locale),
  blocks: [
    {
      type: "input",
      block_id: "code",
      label: plain(say(phrase("slack.code.label"), locale)),
      element: { type: "plain_text_input", action_id: "code" },
    },
  ],
});

/** The App Home of whoever is not known, in every language, for theirs is not known either. */
export const strangerHome = (locale: Locale, say: Say): HomeView => ({
  type: "home",
  blocks: [
    ...[locale, ...LOCALES.filter((other) => other !== locale)].flatMap((each) =>
      sections([say(phrase("slack.home.stranger"), each)]),
    ),
    {
      type: "actions",
      elements: [
        {
          type: "button",
          action_id: OPEN_CODE,
          style: "primary",
          text: plain(say(phrase("slack.code.open"), locale)),
        },
      ],
    },
  ],
});

/** What somebody owes. */
export const owedHome = (card: Card, parts: DrawParts): HomeView => ({
  type: "home",
  blocks: [...(drawBlocks(card, parts) ?? [])],
});
