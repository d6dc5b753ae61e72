import { ConfigError } from "./config.ts";
import { NoAnswer } from "./database/no-answer.ts";
import { type Phrase, phrase } from "./dialogue/phrase.ts";
import { mask } from "./log/mask.ts";
import { Refusal } from "./refusal.ts";

/** What an operator is told when it could not be done: one line, without a trace. */
export const reasonOf = (error: unknown): Phrase => {
  if (error instanceof ConfigError || error instanceof Refusal) return error.words;
  if (error instanceof NoAnswer) return phrase("refuse.no-database", { place: error.place, why: error.why });
  return phrase("cli.failed", { why: mask(error instanceof Error ? error.message : String(error)) });
};
