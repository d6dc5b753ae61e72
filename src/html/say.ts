import type { Phrase } from "../dialogue/phrase.ts";

/** Says words of ours in the language of the page. */
export type Say = (phrase: Phrase) => string;
