import type { Phrase } from "../dialogue/phrase.ts";
import { at, phrase } from "../dialogue/phrase.ts";
import type { Decision } from "../domain/obligation.ts";
import { acknowledge, fulfils, reopens, takeBack } from "../domain/obligation.ts";
import type { LedgerEvent } from "../ports/ledger.ts";
import type { Effect, OwedDuty, Pressed, TapFacts } from "../ports/store/answer-store.ts";
import { overReply } from "./over.ts";

const reply = (decision: Decision, facts: TapFacts): Phrase | null => {
  switch (decision.kind) {
    // The card itself shows it: no second message.
    case "record":
    case "reopen":
      return null;
    case "already":
      return phrase("reply.already", { at: at(decision.at) });
    case "answered-by-other":
      return phrase("reply.answered-by-other", { at: at(decision.at) });
    case "old-card":
      return phrase("reply.stale");
    case "ended":
      return overReply({ ...facts, state: facts.notice.state });
    default:
      return phrase(`reply.${decision.kind}`);
  }
};

const entry = (facts: TapFacts, press: Pressed, duty: OwedDuty, deed: "acknowledge" | "take-back"): LedgerEvent => {
  const common = { at: press.now, actor: press.sender.uid, contentHash: facts.contentHash, how: "tap" } as const;
  const subject = {
    notice: facts.number,
    obligation: String(duty.obligation),
    generation: String(duty.generation),
    unit: duty.unitCode,
  };
  return deed === "acknowledge"
    ? { kind: "acknowledged", subject: { ...subject, fulfilled: fulfils(duty) ? "yes" : "no" }, ...common }
    : { kind: "taken-back", subject: { ...subject, reopened: reopens(duty) ? "yes" : "no" }, ...common };
};

/** What a tap on a card does, says and leaves in the ledger. */
export const tapEffect = (facts: TapFacts, deed: "acknowledge" | "take-back", press: Pressed): Effect<Decision> => {
  const decision = deed === "acknowledge" ? acknowledge(facts) : takeBack(facts, press.now);
  const concerned = decision.kind === "record" || decision.kind === "reopen" ? new Set(decision.duties) : new Set();
  return {
    decision,
    reply: reply(decision, facts),
    ledger: facts.duties.filter((duty) => concerned.has(duty)).map((duty) => entry(facts, press, duty, deed)),
  };
};
