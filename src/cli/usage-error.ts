import type { CommanderError } from "commander";
import { type Phrase, phrase } from "../dialogue/phrase.ts";

/** What our readers of values say, after commander's own words about which value it is. */
const OURS = /' is invalid\. (.*)$/su;

/** What is wrong with a command line, in words of ours: commander has its own in English alone. */
export const usageError = ({ code, message }: CommanderError): Phrase => {
  const [, what = ""] = /'([^']*)'/u.exec(message) ?? [];
  switch (code) {
    case "commander.missingArgument":
    case "commander.missingMandatoryOptionValue":
    case "commander.optionMissingArgument":
      return phrase("cli.usage.missing", { what });
    case "commander.unknownOption":
      return phrase("cli.usage.unknown-option", { what });
    case "commander.unknownCommand":
      return phrase("cli.usage.unknown-command", { what });
    case "commander.excessArguments":
      return phrase("cli.usage.too-many");
    default:
      return phrase("cli.usage.invalid", { what, why: OURS.exec(message)?.[1] ?? message });
  }
};
