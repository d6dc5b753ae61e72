import type { Button, Card } from "../../src/dialogue/screen.ts";
import type { Block } from "../../src/domain/content.ts";
import { plainText } from "../../src/domain/content.ts";

/** What no card says: it threatens, orders about, shouts, or is the words of forms that people came to hate. */
const BANNED =
  /[!！]|务必|严肃追责|高度重视|收到请回复|催办|您有一条新消息|操作成功|无权限|failed|invalid|error|must |please note|ASAP/iu;
/** Words for one thing that are never mixed on one card. */
const SYNONYMS = ["签收", "确认", "已阅"];
const UNSAID = /[{}]|undefined|\[object|NaN|Invalid Date/u;

const columns = (text: string): number => [...text].reduce((sum, letter) => sum + (letter > "\u2e80" ? 2 : 1), 0);
/** A line holds 18 Chinese or 36 Latin characters. */
const lines = (text: string): number =>
  text.split("\n").reduce((sum, line) => sum + Math.max(1, Math.ceil(columns(line) / 36)), 0);

const blockLines = (block: Block): number => {
  if (block.kind !== "list") return lines(plainText([block]));
  return block.items.reduce((sum, item) => sum + lines(plainText([{ kind: "paragraph", children: item }])), 0);
};

/** The lines above the buttons. */
const linesBeforeButtons = (card: Card): number => {
  const said = [card.standing?.words, card.title?.text, ...card.lines, card.due?.words, ...card.notes];
  const meta = card.urgency || card.number ? 1 : 0;
  const short = (card.content?.short ?? []).reduce((sum, block) => sum + blockLines(block), 0);
  return said.reduce((sum, words) => sum + (words ? lines(words) : 0), meta + short);
};

export const buttonsOf = (card: Card): readonly Button<string>[] => [
  ...card.items.flatMap(({ button }) => button ?? []),
  ...card.buttons,
];

/** A label without its sign and without the name of whoever takes it on. */
const bare = (label: string): string => label.replace(/^(✅|↩) /u, "").replace(/(（[^）]*）| \([^)]*\))$/u, "");

const buttonFaults = (button: Button<string>): readonly (string | false)[] => {
  const { label, primary, action, asks } = button;
  const acknowledges = action.do === "acknowledge" || action.do === "acknowledge-all" || action.do === "proxy";
  return [
    columns(bare(label)) > 16 && `too long: ${label}`,
    bare(label) === "" && `no words: ${label}`,
    primary !== acknowledges && `primary without acknowledging, or the other way round: ${label}`,
    label.startsWith("✅ ") !== acknowledges && `✅ and what it does differ: ${label}`,
    label.startsWith("↩ ") !== (action.do === "take-back") && `↩ and what it does differ: ${label}`,
    /[✅↩]/u.test(bare(label)) && `a sign in the middle: ${label}`,
    asks === "" && `asks for nothing: ${label}`,
  ];
};

/** Our own words on a card; what its author wrote is the author's. */
const ours = (card: Card): readonly string[] => [
  ...[card.standing?.words, card.urgency?.words, card.due?.words].filter((words) => words !== undefined),
  ...card.lines,
  ...card.items.flatMap(({ detail }) => detail ?? []),
  ...card.notes,
  ...buttonsOf(card).flatMap(({ label, asks }) => (asks === null ? [label] : [label, asks])),
];

/** Everything about a card that breaks a rule of `ui/chat-cards.md`; empty for a good one. */
export const cardFaults = (card: Card): readonly string[] => {
  const all = [...ours(card), card.fallback, ...card.items.map(({ title }) => title)];
  const buttons = buttonsOf(card);
  const most = card.items.length > 0 ? 10 : 5;
  return [
    linesBeforeButtons(card) > 9 && `${linesBeforeButtons(card)} lines before the buttons`,
    card.items.some(({ title, detail }) => lines(title) + lines(detail ?? "") > 4) &&
      "an entry of more than four lines",
    buttons.length > most && `${buttons.length} buttons`,
    card.buttons.findIndex(({ primary }) => primary) > 0 && "the acknowledging button is not the first",
    card.buttons.filter(({ primary }) => primary).length > 1 && "two acknowledging buttons",
    card.fallback.trim() === "" && "no fallback",
    SYNONYMS.filter((word) => all.some((words) => words.includes(word))).length > 1 && "mixed words",
    ...all.map((words) => words.trim() === "" && "empty words"),
    ...ours(card).map((words) => BANNED.test(words) && `banned: ${words}`),
    ...all.map((words) => UNSAID.test(words) && `not said: ${words}`),
    ...buttons.flatMap(buttonFaults),
  ].filter((fault) => fault !== false);
};
