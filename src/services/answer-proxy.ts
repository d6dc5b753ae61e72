import type { Phrase } from "../dialogue/phrase.ts";
import { at, phrase } from "../dialogue/phrase.ts";
import { fulfils } from "../domain/obligation.ts";
import { may } from "../domain/rights.ts";
import type { Effect, Pressed, ProxyDecision, ProxyFacts } from "../ports/store/answer-store.ts";
import { overReply } from "./over.ts";

const refusal = (facts: ProxyFacts, generation: number, press: Pressed): Phrase | null => {
  if (!may(facts.relation, "answer-for")) return phrase("reply.foreign");
  if (facts.notice !== "published") return overReply({ ...facts, state: facts.notice });
  const [first] = facts.duty.answers;
  if (facts.duty.state === "fulfilled" && first) return phrase("reply.answered-by-other", { at: at(first.at) });
  if (facts.duty.state !== "open") return phrase("reply.ended");
  if (facts.duty.answers.some(({ person }) => person === press.sender.person))
    return phrase("reply.already", { at: at(press.now) });
  if (facts.duty.generation !== generation) return phrase("reply.stale");
  return press.words?.trim() ? null : phrase("reply.needs-reason");
};

/** What an answer on somebody else's behalf does: it counts, it says that it is by proxy, and it carries its reason. */
export const proxyEffect = (facts: ProxyFacts, generation: number, press: Pressed): Effect<ProxyDecision> => {
  const refused = refusal(facts, generation, press);
  if (refused) {
    const kind = refused.key === "reply.needs-reason" ? "needs-reason" : "nothing";
    return { decision: { kind }, reply: refused, ledger: [] };
  }
  const { duty } = facts;
  return {
    decision: { kind: "record", fulfils: fulfils(duty) },
    reply: phrase("reply.proxy-done", { unit: duty.unitName, at: at(press.now) }),
    ledger: [
      {
        kind: "acknowledged-by-proxy",
        at: press.now,
        actor: press.sender.uid,
        subject: {
          notice: facts.number,
          obligation: String(duty.obligation),
          generation: String(duty.generation),
          unit: duty.unitCode,
          fulfilled: fulfils(duty) ? "yes" : "no",
        },
        contentHash: facts.contentHash,
        how: "proxy",
      },
    ],
  };
};
