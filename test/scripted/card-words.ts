import type { Button, Card } from "../../src/dialogue/screen.ts";
import { plainText } from "../../src/domain/content.ts";

/** All words of a card, a line each, for platforms that know nothing but text. */
export const cardWords = (card: Card): string =>
  [
    card.standing?.words,
    card.urgency?.words,
    card.number,
    card.title?.text,
    card.content && plainText(card.content.short),
    ...card.lines,
    ...card.items.flatMap((item) => [item.title, item.detail]),
    card.due?.words,
    ...card.notes,
  ]
    .filter((words) => words !== null && words !== undefined && words !== "")
    .join("\n");

export const cardButtons = (card: Card): readonly Button<string>[] => [
  ...card.buttons,
  ...card.items.flatMap(({ button }) => button ?? []),
];
