import type { Phrase } from "../dialogue/phrase.ts";
import { onDay, phrase } from "../dialogue/phrase.ts";
import type { Unamendable } from "../ports/store/amend-store.ts";

/** Why a notice cannot be taken back or replaced, and what to do instead. */
export const unamendable = (number: string, why: Unamendable): Phrase => {
  switch (why.kind) {
    case "recalled":
      return phrase("amend.recalled", { number, at: onDay(why.at) });
    case "superseded":
      return phrase("amend.superseded", { number, by: why.by });
    default:
      return phrase(`amend.${why.kind}`, { number });
  }
};
