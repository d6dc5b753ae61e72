import { plainText } from "../domain/content.ts";
import type { Button, Card } from "./screen.ts";

/** Every button of a card, in its order. */
export const cardButtons = (card: Card): readonly Button<string>[] => [
  ...card.buttons,
  ...card.items.flatMap(({ button }) => button ?? []),
];

/** All words on a card without its buttons, a line each, for counting and for platforms that know nothing but text. */
export const cardWords = (card: Card): string =>
  [
    card.standing?.words,
    card.urgency?.words,
    card.number,
    card.title?.text,
    card.lead,
    card.content && plainText(card.content.short),
    ...card.lines,
    ...card.items.flatMap(({ title, detail }) => [title, detail]),
    card.due?.words,
    ...card.notes,
  ]
    .filter((words) => words)
    .join("\n");
