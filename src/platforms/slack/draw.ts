import type { Button as BlockButton, KnownBlock } from "@slack/types";
import type { Action } from "../../dialogue/action.ts";
import { markOf } from "../../dialogue/form/mark.ts";
import type { Phrase } from "../../dialogue/phrase.ts";
import { phrase } from "../../dialogue/phrase.ts";
import type { Button, Card } from "../../dialogue/screen.ts";
import { tooMuch } from "../../dialogue/too-much.ts";
import type { Locale } from "../../domain/language.ts";
import { content, context, cut, MOST, plain, sections } from "./blocks.ts";

/**
 * All blocks of a message together: undocumented, some 13,200 characters, beyond which Slack says `msg_blocks_too_long`
 * (slackapi/bolt-js#2509).
 */
const ALL_BLOCKS = 13_000;
export const TEXT = 12_000;
/** docs.slack.dev/reference/block-kit/blocks/actions-block */
export const BUTTONS = 25;

/** Buttons that are not handed on but answered with a window: the whole text, a form. */
export const OPENS = { read: "open-text", form: "open-form" } as const;

/** The fields of chat.postMessage and chat.update that a card decides. */
export interface MessageBody {
  /** What a notification and a screen reader say; it alone is read as mrkdwn. */
  readonly text: string;
  readonly blocks: readonly KnownBlock[];
}

export interface DrawParts {
  /** The data of a button for this person. */
  readonly code: (action: Action) => string;
  readonly say: (words: Phrase, locale: Locale) => string;
}

/** docs.slack.dev/messaging/formatting-message-text#escaping: with these three no mention and no link can begin. */
const escaped = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

const head = ({ standing, urgency, number, title }: Card): readonly KnownBlock[] => {
  const first = [urgency?.words, title?.text].filter((words) => words).join(" · ");
  const heading: readonly KnownBlock[] =
    first !== "" && first.length <= MOST.header ? [{ type: "header", text: plain(first) }] : sections([first]);
  return [...sections([standing?.words ?? ""]), ...heading, ...context([number ?? ""])];
};

type DrawButton = (button: Pick<Button<string>, "label" | "action" | "primary">, opens?: string) => BlockButton;

/** `action_id` has to be different within a message; what a button means stands in its `value`. */
const buttons = ({ code }: DrawParts): DrawButton => {
  let serial = 0;
  return ({ label, action, primary }, opens = "press") => ({
    type: "button",
    action_id: `${opens}-${serial++}`,
    text: plain(cut(label, MOST.label)),
    value: code(action),
    ...(primary ? { style: "primary" } : {}),
  });
};

const items = (card: Card, draw: DrawButton): readonly KnownBlock[] =>
  card.items.map(({ title, detail, button }, at) => ({
    type: "section",
    text: plain(cut([`${at + 1}  ${title}`, detail].filter((line) => line).join("\n"), MOST.section)),
    ...(button ? { accessory: draw(button) } : {}),
  }));

const CANCEL = markOf({ kind: "cancel" });

/** Where a form goes on a window asks all of it at once; to stop is still one press. */
const ownButtons = (card: Card, draw: DrawButton, { say }: DrawParts): readonly BlockButton[] => {
  const [any] = card.buttons;
  if (card.form === null || !any) return card.buttons.map((button) => draw(button));
  const label = say(phrase("slack.form.open"), card.locale);
  const cancel = card.buttons.filter(({ action }) => action.do === "answer" && action.mark === CANCEL);
  return [draw({ label, action: any.action, primary: true }, OPENS.form), ...cancel.map((button) => draw(button))];
};

const readButton = (card: Card, draw: DrawButton, { say }: DrawParts): readonly BlockButton[] => {
  const { rest, open } = card.content ?? { rest: null, open: null };
  if (!rest || !open) return [];
  const action: Action = { do: "read", delivery: open.delivery, page: 1 };
  return [draw({ label: say(phrase("slack.read-all"), card.locale), action, primary: false }, OPENS.read)];
};

const actions = (elements: readonly BlockButton[]): readonly KnownBlock[] =>
  elements.length > 0 ? [{ type: "actions", elements: [...elements] }] : [];

/** The blocks of a card; null when they are more than one message takes. */
export const drawBlocks = (card: Card, parts: DrawParts): readonly KnownBlock[] | null => {
  if (tooMuch(card, { text: TEXT, buttons: BUTTONS })) return null;
  const draw = buttons(parts);
  const listed = items(card, draw);
  const own = [...ownButtons(card, draw, parts), ...readButton(card, draw, parts)];
  const blocks: readonly KnownBlock[] = [
    ...head(card),
    ...sections([card.lead ?? ""]),
    ...content(card.content?.short ?? []),
    ...sections(card.lines),
    ...listed,
    ...context([card.due?.words ?? ""]),
    ...context(card.notes),
    ...actions(own),
  ];
  return blocks.length <= MOST.message && own.length <= BUTTONS ? blocks : null;
};

/** A card as a message of Slack's; null when it is more than one takes. */
export const drawMessage = (card: Card, parts: DrawParts): MessageBody | null => {
  const blocks = drawBlocks(card, parts);
  if (!blocks || JSON.stringify(blocks).length > ALL_BLOCKS) return null;
  return { text: escaped(cut(card.fallback, MOST.section)), blocks };
};
