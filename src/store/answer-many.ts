import type { BatchAck } from "../dialogue/action.ts";
import type { DeliveryId } from "../domain/ids.ts";
import type { Decision } from "../domain/obligation.ts";
import type { Keys } from "../ports/keys.ts";
import type { EntryBytes, LedgerEvent } from "../ports/ledger.ts";
import type { AnswerStore, Pressed } from "../ports/store/answer-store.ts";
import { writeAnswers } from "./answer-writes.ts";
import type { Db } from "./client.ts";
import { finish, once } from "./event-work.ts";
import { Prisma } from "./generated/client.ts";
import { tapFacts } from "./tap-facts.ts";
import { titleIn } from "./title-in.ts";

type Tx = Prisma.TransactionClient;

interface Card {
  id: DeliveryId;
  round: number;
  title: string;
}

/** What a digest listed of this kind and its person still owes; warnings and what came later are not in it. */
const listed = (tx: Tx, press: Pressed, digest: DeliveryId, ack: BatchAck) => tx.$queryRaw<Card[]>`
  SELECT d."id", d."round", ${titleIn(Prisma.sql`${press.sender.locale}::text`)} AS "title"
  FROM "delivery" g JOIN "delivery" d ON d."person_id" = g."person_id" AND d."kind" = 'notice' AND d."at" <= g."at"
  JOIN "notice" n ON n."id" = d."notice_id" AND n."state" = 'published' AND n."ack" = ${ack} AND n."urgency" IN ('routine', 'priority')
  WHERE g."id" = ${digest} AND g."kind" = 'digest' AND g."person_id" = ${press.sender.person}
    AND EXISTS (SELECT FROM "asked" k JOIN "obligation" o ON o."id" = k."obligation_id"
                WHERE k."person_id" = d."person_id" AND o."notice_id" = n."id" AND o."state" = 'open' AND o."due_at" IS NOT NULL)
  ORDER BY d."id"`;

export const answerMany = (
  db: Db,
  keys: Keys,
  entryBytes: EntryBytes,
): Pick<AnswerStore, "tapAll" | "open" | "taskDone"> => ({
  tapAll: (press, ack, decide, reply) =>
    once(db, press, async (tx) => {
      const ledger: LedgerEvent[] = [];
      const titles: string[] = [];
      for (const card of await listed(tx, press, press.delivery, ack)) {
        const one = { ...press, delivery: card.id, round: card.round, ref: null };
        const facts = await tapFacts(tx, one);
        const effect = facts && decide(facts);
        const decision: Decision | undefined = effect?.decision;
        if (!effect || decision?.kind !== "record") continue;
        await writeAnswers(tx, keys, one, decision.duties);
        ledger.push(...effect.ledger);
        titles.push(card.title);
      }
      await finish(tx, press, entryBytes, { reply: reply(titles), ledger });
      return titles.length;
    }),

  async open(press, delivery) {
    const opened = await once(db, press, async (tx) => {
      const count = await tx.$executeRaw`
        UPDATE "delivery" SET "state" = 'pending', "lane" = 1, "at" = ${press.now}::timestamptz, "until" = NULL, "why" = NULL
        WHERE "id" = ${delivery} AND "person_id" = ${press.sender.person} AND "kind" = 'notice' AND "ref" IS NULL
          AND "state" IN ('folded', 'sent', 'seen') AND NOT "withdrawn"`;
      if (count > 0) await finish(tx, press, entryBytes, { reply: null, ledger: [] });
      return count > 0;
    });
    return opened ?? false;
  },

  async taskDone(press, task, decide) {
    await once(db, press, async (tx) => {
      const [found] = await tx.$queryRaw<
        { kind: string; unit: string; name: string; notice: string; obligation: bigint; may: boolean }[]
      >`
        SELECT t."kind", u."code" AS "unit", u."name", n."number" AS "notice", o."id" AS "obligation",
               t."done_at" IS NULL AND EXISTS (SELECT FROM "post" p WHERE p."unit_id" = t."unit_id" AND p."person_id" = ${press.sender.person}) AS "may"
        FROM "task" t JOIN "obligation" o ON o."id" = t."obligation_id" JOIN "unit" u ON u."id" = o."unit_id"
        JOIN "notice" n ON n."id" = o."notice_id" WHERE t."id" = ${task} FOR UPDATE OF t`;
      const effect = decide(found?.may ? { ...found, obligation: String(found.obligation) } : null);
      if (found?.may) {
        await tx.$executeRaw`
          UPDATE "task" SET "done_at" = ${press.now}::timestamptz, "done_by_id" = ${press.sender.person} WHERE "id" = ${task}`;
        await tx.$executeRaw`
          UPDATE "delivery" SET "wanted_rev" = "wanted_rev" + 1
          WHERE "kind" = 'task' AND "unit_id" = (SELECT "unit_id" FROM "task" WHERE "id" = ${task})
            AND "state" NOT IN ('gone', 'refused', 'stopped')`;
      }
      await finish(tx, press, entryBytes, effect);
      return null;
    });
  },
});
