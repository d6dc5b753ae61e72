import type { Action } from "../dialogue/action.ts";
import { type Phrase, phrase } from "../dialogue/phrase.ts";

/** What to say to a picture or a place without words, where a sentence is waited for and where none is. */
export const wordless = (awaited: Action | null): Phrase => {
  if (!awaited) return phrase("reply.wordless");
  return phrase(awaited.do === "proxy" ? "reply.wordless.proxy" : "reply.wordless.evidence");
};
