import type { AccountId, PersonId } from "../domain/ids.ts";
import { localeOf } from "../domain/language.ts";
import type { Keys } from "../ports/keys.ts";
import type { EntryBytes } from "../ports/ledger.ts";
import type { AnswerStore } from "../ports/store/answer-store.ts";
import { writeAnswers, writeProxyAnswer, writeReopening } from "./answer-writes.ts";
import type { Db } from "./client.ts";
import { finish, once, say } from "./event-work.ts";
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
      await finish(tx, press, entryBytes, effect);
      return decision;
    }),

  answerFor: (press, decide) =>
    once(db, press, async (tx) => {
      const facts = await proxyFacts(tx, press);
      if (!facts) return null;
      const effect = decide(facts);
      if (effect.decision.kind === "record")
        await writeProxyAnswer(tx, keys, press, facts.duty, effect.decision.fulfils);
      await finish(tx, press, entryBytes, effect);
      return effect.decision;
    }),
});

export const answerStore = (db: Db, keys: Keys, entryBytes: EntryBytes): AnswerStore => ({
  ...answerWrites(db, keys, entryBytes),

  async sender({ platform, chat }) {
    const found = await db.account.findFirst({
      // Who has replaced an account acts through the new one.
      where: {
        platform,
        addressIndex: { in: [...keys.indexes("address", chat)] },
        OR: [{ gone: null }, { gone: { not: "replaced" } }],
      },
      select: {
        id: true,
        person: { select: { id: true, uid: true, locale: true, guest: { select: { until: true } } } },
      },
    });
    if (!found) return null;
    const { id, uid, locale, guest } = found.person;
    const who = { person: id as PersonId, uid, account: found.id as AccountId };
    return { ...who, locale: localeOf(locale), guest: guest !== null };
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
