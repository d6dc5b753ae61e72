import type { Action } from "../dialogue/action.ts";
import { LANES } from "../domain/delivery.ts";
import type { AccountId, PersonId } from "../domain/ids.ts";
import { localeOf } from "../domain/language.ts";
import type { Keys } from "../ports/keys.ts";
import type { EntryBytes } from "../ports/ledger.ts";
import type { AnswerStore, Pressed } from "../ports/store/answer-store.ts";
import { writeAnswers, writeProxyAnswer, writeReopening } from "./answer-writes.ts";
import { awaited, jsonOf, stopWaiting } from "./awaited.ts";
import type { Db } from "./client.ts";
import type { Prisma } from "./generated/client.ts";
import { loseReach, regainReach } from "./reach.ts";
import { retrying } from "./retrying.ts";
import { proxyFacts, tapFacts } from "./tap-facts.ts";

type Tx = Prisma.TransactionClient;

/** A message to the sender, in the lane that never waits behind a broadcast. One a kind and event, however often it is worked off. */
const say = async (tx: Tx, press: Pressed, kind: string, phrase: object | null): Promise<void> => {
  await tx.$executeRaw`
    INSERT INTO "delivery" ("person_id", "kind", "slot", "account_id", "platform", "lane", "at", "phrase")
    SELECT a."person_id", ${kind}, ${String(press.inbound)}, a."id", a."platform", ${LANES.indexOf("reply")}::smallint,
           ${press.now}::timestamptz, ${phrase ? JSON.stringify(phrase) : null}::jsonb
    FROM "account" a WHERE a."id" = ${press.sender.account}
    ON CONFLICT DO NOTHING`;
};

/**
 * One transaction for an event that still waits, which nobody else can work off meanwhile; null, and nothing done, for
 * one that was worked off already.
 */
const once = <Done>(db: Db, { inbound }: Pressed, work: (tx: Tx) => Promise<Done | null>): Promise<Done | null> =>
  retrying(() =>
    db.$transaction(async (tx) => {
      const held = await tx.$queryRaw<unknown[]>`
        SELECT 1 FROM "inbound" WHERE "id" = ${inbound} AND "state" = 'pending' FOR UPDATE`;
      return held.length > 0 ? work(tx) : null;
    }),
  );

const finish = async (
  tx: Tx,
  press: Pressed,
  entryBytes: EntryBytes,
  effect: { reply: object | null; ledger: readonly Parameters<EntryBytes>[0][] },
  asking: Action | null = null,
): Promise<void> => {
  if (press.words !== null || effect.reply) await stopWaiting(tx, press);
  if (effect.reply) await say(tx, press, "reply", asking ? { ...effect.reply, awaits: jsonOf(asking) } : effect.reply);
  for (const event of effect.ledger) await tx.ledgerInbox.create({ data: { body: entryBytes(event) } });
  await tx.$executeRaw`
    UPDATE "inbound" SET "state" = 'done', "lease_until" = NULL, "body" = '' WHERE "id" = ${press.inbound}`;
};

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
      select: { id: true, person: { select: { id: true, uid: true, locale: true } } },
    });
    if (!found) return null;
    const { id, uid, locale } = found.person;
    return { person: id as PersonId, uid, account: found.id as AccountId, locale: localeOf(locale) };
  },

  awaited: (press) => awaited(db, press),

  async reach(press, reachable) {
    await once(db, press, async (tx) => {
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
      await tx.person.update({ where: { id: press.sender.person }, data: { locale, localeChosen: true } });
      await tx.$executeRaw`
        UPDATE "delivery" SET "wanted_rev" = "wanted_rev" + 1
        WHERE "person_id" = ${press.sender.person} AND "state" NOT IN ('gone', 'refused', 'stopped')`;
      await finish(tx, press, entryBytes, { reply, ledger: [] });
    });
  },
});
