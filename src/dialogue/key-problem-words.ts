import type { KeyProblem } from "../domain/key-problem.ts";
import { type Phrase, phrase } from "./phrase.ts";

/** What to tell an operator whose SECRET_KEY or LEDGER_KEY cannot be used, without showing it. */
export const keyProblemWords = (problem: KeyProblem): Phrase => {
  switch (problem.kind) {
    case "not-base64":
      return phrase("keys.not-base64", { part: problem.part });
    case "wrong-length":
      return phrase("keys.wrong-length", { part: problem.part, bytes: problem.bytes });
    case "same-twice":
      return phrase("keys.same-twice", { part: problem.part });
    case "no-private-key":
      return phrase("keys.no-private-key");
    case "not-ed25519":
      return phrase("keys.not-ed25519");
  }
};
