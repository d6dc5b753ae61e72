import { cardButtons, cardWords } from "../../dialogue/card-words.ts";
import type { Button, Card } from "../../dialogue/screen.ts";

/** A card in lines; `number` gives each button the number by which it is pressed. */
export const drawCard = (card: Card, number: (button: Button<string>) => number): readonly string[] => [
  ...cardWords(card)
    .split("\n")
    .map((line) => `│ ${line}`),
  ...cardButtons(card).map(
    (button) => `└ ${number(button)}. ${button.label}${button.asks ? ` … (${button.asks})` : ""}`,
  ),
];
