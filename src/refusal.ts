import type { Phrase } from "./dialogue/phrase.ts";

/** Something an operator must do first; shown as one line, and the process ends with 1. */
export class Refusal extends Error {
  readonly words: Phrase;
  constructor(words: Phrase) {
    super(words.key);
    this.words = words;
  }
}
