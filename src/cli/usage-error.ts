import type { CommanderError } from "commander";
import { type Phrase, phrase } from "../dialogue/phrase.ts";

/** What our readers of values say, after commander's own words about which value it is. */
const OURS = /' is invalid(?: for argument '[^']*')?\. (.*)$/su;

/** What commander says after its message when something similar is known; of several the likeliest goes first. */
const SIMILAR = /\(Did you mean (?:one of )?([^,?]+)/u;

/** The code of a mistake that is told in words of ours; they stand in the message. */
export const WRONG = "chuanda.wrong";

/** What an argument is called is said in another place than an option's name. */
const subject = (message: string): string =>
  (/ for argument '([^']*)'/u.exec(message) ?? /'([^']*)'/u.exec(message))?.[1] ?? "";

const mistake = ({ code, message }: CommanderError): Phrase => {
  const what = subject(message);
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
    case WRONG:
      return phrase("cli.usage.wrong", { why: message });
    default:
      return phrase("cli.usage.invalid", { what, why: OURS.exec(message)?.[1] ?? message });
  }
};

/** What is wrong with a command line, in words of ours: commander has its own in English alone. */
export const usageError = (error: CommanderError): Phrase => {
  const similar = SIMILAR.exec(error.message)?.[1];
  const wrong = mistake(error);
  return similar ? phrase("cli.usage.did-you-mean", { wrong, what: similar }) : wrong;
};
