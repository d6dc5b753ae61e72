import { cardButtons, cardWords } from "./card-words.ts";
import type { Card } from "./screen.ts";

/** Why a card is more than its platform takes, so that it is refused before the platform is asked; null when it fits. */
export const tooMuch = (
  card: Card,
  limits: { readonly text: number; readonly buttons: number },
): "text-too-long" | "too-many-buttons" | null => {
  if (cardWords(card).length > limits.text) return "text-too-long";
  return cardButtons(card).length > limits.buttons ? "too-many-buttons" : null;
};
