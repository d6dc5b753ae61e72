import type { DeliveryId } from "../domain/ids.ts";
import type { Duty } from "../domain/obligation.ts";
import { fulfils, isLate, reopens, TAKE_BACK_MS } from "../domain/obligation.ts";
import type { Keys } from "../ports/keys.ts";
import type { Pressed } from "../ports/store/answer-store.ts";
import { Prisma } from "./generated/client.ts";
import { personCells } from "./person-cells.ts";

type Tx = Prisma.TransactionClient;

const idsOf = (duties: readonly Duty[]): bigint[] => duties.map(({ obligation }) => obligation);

/**
 * Messages that show one of these obligations: cards and reminders of those who were asked, calls to those who stand in, and
 * what the units above were told of what is stuck below them. One that has not left is drawn anew before it does, or is
 * found to be of no use any more.
 */
const concerned = (obligations: readonly bigint[]): Prisma.Sql => Prisma.sql`
  SELECT d."id" FROM "obligation" o JOIN "asked" k ON k."obligation_id" = o."id"
  JOIN "delivery" d ON d."person_id" = k."person_id" AND d."notice_id" = o."notice_id" AND d."kind" IN ('notice', 'reminder')
  WHERE o."id" = ANY (${[...obligations]}::bigint[])
  UNION ALL
  SELECT d."id" FROM "obligation" o JOIN "unit" u ON u."id" = o."unit_id" LEFT JOIN "unit" above ON above."id" = u."parent_id"
  JOIN "delivery" d ON d."kind" IN ('deputy', 'above', 'task') AND d."unit_id" IN (u."id", u."parent_id", above."parent_id")
    AND (d."kind" <> 'deputy' OR d."notice_id" = o."notice_id")
  WHERE o."id" = ANY (${[...obligations]}::bigint[]) AND o."plan_id" IS NOT NULL`;

/**
 * Cards of everybody who was asked for these, and this person's own lists, no longer show what is true. The cards are
 * locked in the order of their ids, before any of them is written: so no two answers can wait for each other.
 */
const redraw = async (tx: Tx, press: Pressed, duties: readonly Duty[]): Promise<void> => {
  await tx.$executeRaw`
    UPDATE "delivery" SET "wanted_rev" = "wanted_rev" + 1
    WHERE "state" NOT IN ('gone', 'refused', 'stopped') AND "id" IN (
      SELECT d."id" FROM "delivery" d WHERE d."id" IN (${concerned(idsOf(duties))}) ORDER BY d."id" FOR UPDATE OF d)`;
  await tx.$executeRaw`
    UPDATE "delivery" SET "wanted_rev" = "wanted_rev" + 1
    WHERE "id" IN (SELECT max("id") FROM "delivery"
                   WHERE "person_id" = ${press.sender.person} AND "kind" IN ('todo', 'proxy', 'digest') GROUP BY "kind")`;
};

/**
 * Whoever answers a card has seen it: that settles a doubt, and a repeat that is still waiting is not needed any more. The
 * press tells which message it was, for a sending whose own answer was lost.
 */
const seen = async (tx: Tx, press: Pressed, delivery: DeliveryId): Promise<void> => {
  await tx.$executeRaw`
    UPDATE "delivery" SET "state" = 'seen', "ref" = coalesce("ref", ${press.ref}::text),
           "sent_at" = coalesce("sent_at", ${press.now}::timestamptz),
           "seen_at" = coalesce("seen_at", ${press.now}::timestamptz)
    WHERE "id" = ${delivery} AND "state" IN ('pending', 'folded', 'sent', 'delivered', 'seen', 'in-doubt')`;
  // Also of a card that is being sent once more at this very moment.
  await tx.$executeRaw`
    UPDATE "delivery" SET "refresh_at" = ${new Date(press.now.getTime() + TAKE_BACK_MS + 1000)}::timestamptz
    WHERE "id" = ${delivery} AND "state" NOT IN ('gone', 'refused', 'stopped')`;
};

const wordsCell = async (tx: Tx, keys: Keys, press: Pressed): Promise<Uint8Array<ArrayBuffer> | null> => {
  const words = press.words?.trim();
  if (!words) return null;
  const cells = await personCells(tx, keys, press.sender);
  return Buffer.from(cells.seal("answer.words_cell", words));
};

const addAnswers = async (
  tx: Tx,
  press: Pressed,
  how: "tap" | "proxy",
  duties: readonly Duty[],
  words: Uint8Array<ArrayBuffer> | null,
): Promise<void> => {
  await tx.answer.createMany({
    data: duties.map((duty) => ({
      obligationId: duty.obligation,
      generation: duty.generation,
      personId: press.sender.person,
      how,
      wordsCell: words,
      at: press.now,
      late: isLate(duty.dueAt, press.now),
    })),
  });
};

const fulfil = async (tx: Tx, press: Pressed, how: "tap" | "proxy", duties: readonly Duty[]): Promise<void> => {
  await tx.obligation.updateMany({
    where: { id: { in: idsOf(duties) }, state: "open" },
    data: { state: "fulfilled", fulfilledAt: press.now, fulfilledHow: how },
  });
};

/** Writes one person's answers to everything they owe under a notice. */
export const writeAnswers = async (
  tx: Tx,
  keys: Keys,
  press: Pressed & { readonly delivery: DeliveryId },
  duties: readonly Duty[],
): Promise<void> => {
  await addAnswers(tx, press, "tap", duties, await wordsCell(tx, keys, press));
  await fulfil(tx, press, "tap", duties.filter(fulfils));
  await redraw(tx, press, duties);
  await seen(tx, press, press.delivery);
};

/** Takes the person's answers back: what falls short again is open in its next generation. */
export const writeReopening = async (
  tx: Tx,
  press: Pressed & { readonly delivery: DeliveryId },
  duties: readonly Duty[],
): Promise<void> => {
  await tx.answer.updateMany({
    where: { obligationId: { in: idsOf(duties) }, personId: press.sender.person, takenBackAt: null },
    data: { takenBackAt: press.now },
  });
  await tx.obligation.updateMany({
    where: { id: { in: idsOf(duties.filter(reopens)) }, state: "fulfilled" },
    data: { state: "open", fulfilledAt: null, fulfilledHow: null, generation: { increment: 1 } },
  });
  await tx.obligation.updateMany({
    where: { id: { in: idsOf(duties.filter((duty) => !reopens(duty))) } },
    data: { generation: { increment: 1 } },
  });
  await redraw(tx, press, duties);
  // On every message of the notice that this person has: an old button on another of them must not answer again.
  await tx.$executeRaw`
    UPDATE "delivery" d SET "round" = d."round" + 1, "refresh_at" = NULL
    FROM "delivery" own
    WHERE own."id" = ${press.delivery} AND d."notice_id" = own."notice_id" AND d."person_id" = own."person_id"
      AND d."kind" IN ('notice', 'reminder')`;
};

/** Writes an answer on somebody else's behalf, with its reason. */
export const writeProxyAnswer = async (
  tx: Tx,
  keys: Keys,
  press: Pressed,
  duty: Duty,
  nowFulfilled: boolean,
): Promise<void> => {
  await addAnswers(tx, press, "proxy", [duty], await wordsCell(tx, keys, press));
  if (nowFulfilled) await fulfil(tx, press, "proxy", [duty]);
  await redraw(tx, press, [duty]);
};
