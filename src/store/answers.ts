import type { AccountId, PersonId } from "../domain/ids.ts";
import { localeOf } from "../domain/language.ts";
import type { Keys } from "../ports/keys.ts";
import type { EntryBytes } from "../ports/ledger.ts";
import type { AnswerStore } from "../ports/store/answer-store.ts";
import { answerMany } from "./answer-many.ts";
import { writeAnswers, writeProxyAnswer, writeReopening } from "./answer-writes.ts";
import { awaited } from "./awaited.ts";
import type { Db } from "./client.ts";
import { finish, once, say } from "./event-work.ts";
import { loseReach, regainReach } from "./reach.ts";
import { speakTo } from "./spoken-language.ts";
import { proxyFacts, tapFacts } from "./tap-facts.ts";

const answerWrites = (db: Db, keys: Keys, entryBytes: EntryBytes): Pick<AnswerStore, "tap" | "answerFor"> => ({
  tap: (press, decide) =>
    once(db, press, async (tx) => {
      const facts = await tapFacts(tx, press);
      if (!facts) return null;
      const effect = decide(facts);
      const { decision } = effect;
      if (decision.kind === "record") await writeAnswers(tx, keys, press, decision.duties);
      if (decision.kind === "reopen") await writeReopening(tx, press, decision.duties);
      const { delivery, round } = press;
      const asking = decision.kind === "needs-words" ? ({ do: "acknowledge", delivery, round } as const) : null;
      await finish(tx, press, entryBytes, effect, asking);
      return decision;
    }),

  answerFor: (press, decide) =>
    once(db, press, async (tx) => {
      const facts = await proxyFacts(tx, press);
      if (!facts) return null;
      const effect = decide(facts);
      if (effect.decision.kind === "record")
        await writeProxyAnswer(tx, keys, press, facts.duty, effect.decision.fulfils);
      const { obligation } = press;
      const { generation } = facts.duty;
      const asking =
        effect.decision.kind === "needs-reason" ? ({ do: "proxy", obligation, generation } as const) : null;
      await finish(tx, press, entryBytes, effect, asking);
      return effect.decision;
    }),
});

const senderOf =
  (db: Db, keys: Keys): AnswerStore["sender"] =>
  async ({ platform, chat }) => {
    const found = await db.account.findFirst({
      // Who has replaced an account acts through the new one.
      where: {
        platform,
        addressIndex: { in: [...keys.indexes("address", chat)] },
        OR: [{ gone: null }, { gone: { not: "replaced" } }],
      },
      select: {
        id: true,
        gone: true,
        person: { select: { id: true, uid: true, locale: true, guest: { select: { until: true } } } },
      },
    });
    if (!found) return null;
    const { id, uid, locale, guest } = found.person;
    const who = { person: id as PersonId, uid, account: found.id as AccountId };
    return { ...who, locale: localeOf(locale), guest: guest !== null, unreached: found.gone !== null };
  };

export const answerStore = (db: Db, keys: Keys, entryBytes: EntryBytes): AnswerStore => ({
  ...answerWrites(db, keys, entryBytes),
  ...answerMany(db, keys, entryBytes),

  sender: senderOf(db, keys),
  awaited: (press) => awaited(db, press),

  async reach(press, reachable) {
    const { sender } = press;
    await once(db, { ...press, sender: { ...sender, unreached: false } }, async (tx) => {
      await (reachable ? regainReach(tx, press) : loseReach(tx, press));
      await finish(tx, press, entryBytes, { reply: null, ledger: [] });
    });
  },

  async turnPage(press, delivery, page) {
    const turned = await once(db, press, async (tx) => {
      const count = await tx.$executeRaw`
        UPDATE "delivery" SET "page" = ${page}::smallint, "wanted_rev" = "wanted_rev" + 1
        WHERE "id" = ${delivery} AND "person_id" = ${press.sender.person} AND "state" NOT IN ('gone', 'refused')`;
      if (count > 0) await finish(tx, press, entryBytes, { reply: null, ledger: [] });
      return count > 0;
    });
    return turned ?? false;
  },

  async tell(press, kind, phrase, from) {
    await once(db, press, async (tx) => {
      await say(tx, press, kind, phrase ?? (from === undefined ? null : { from }));
      await finish(tx, press, entryBytes, { reply: null, ledger: [] });
    });
  },

  async setLanguage(press, locale, reply) {
    await once(db, press, async (tx) => {
      await speakTo(tx, press.sender.person, locale);
      await finish(tx, press, entryBytes, { reply, ledger: [] });
    });
  },
});
