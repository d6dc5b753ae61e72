import type { Phrase } from "../phrase.ts";
import { phrase } from "../phrase.ts";
import type { Screen } from "../screen.ts";
import type { DeliveryView } from "../view.ts";

const WORDS = {
  urgent: phrase("bypass.urgent"),
  flash: phrase("bypass.flash"),
  "legal-clock": phrase("bypass.legal-clock"),
} as const;

/** Why a message may come at an hour at which nobody is disturbed otherwise: its first line. */
export const bypassStanding = ({ bypass }: Pick<DeliveryView, "bypass">): Screen<Phrase>["standing"] =>
  bypass && { words: WORDS[bypass], tone: "now" };
