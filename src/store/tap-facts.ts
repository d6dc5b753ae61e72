import type { DeliveryId, ObligationId, PersonId } from "../domain/ids.ts";
import type { Ack, NoticeState } from "../domain/notice.ts";
import type { ObligationState } from "../domain/obligation.ts";
import type { PostName } from "../domain/post.ts";
import { relationTo } from "../domain/rights.ts";
import type { OwedDuty, Pressed, ProxyFacts, TapFacts } from "../ports/store/answer-store.ts";
import { Prisma } from "./generated/client.ts";
import { latestVersion } from "./latest-version.ts";

type Tx = Prisma.TransactionClient;

interface DutyRow {
  id: bigint;
  state: string;
  generation: number;
  needed: number;
  due_at: Date | null;
  code: string;
  name: string;
  lft: number;
  rgt: number;
}

/** Locks these obligations, in the order of their ids so that two taps cannot wait for each other, and reads them. */
const duties = async (tx: Tx, which: Prisma.Sql): Promise<readonly (OwedDuty & { lft: number; rgt: number })[]> => {
  const rows = await tx.$queryRaw<DutyRow[]>`
    SELECT o."id", o."state", o."generation", o."needed", o."due_at", u."code", u."name", u."lft", u."rgt"
    FROM "obligation" o JOIN "unit" u ON u."id" = o."unit_id"
    WHERE ${which} ORDER BY o."id" FOR UPDATE OF o`;
  const answers = await tx.answer.findMany({
    where: { obligationId: { in: rows.map(({ id }) => id) }, takenBackAt: null },
    select: { obligationId: true, personId: true, at: true },
    orderBy: { at: "asc" },
  });
  return rows.map((row) => ({
    obligation: row.id as ObligationId,
    state: row.state as ObligationState,
    generation: row.generation,
    needed: row.needed,
    dueAt: row.due_at,
    unitCode: row.code,
    unitName: row.name,
    lft: row.lft,
    rgt: row.rgt,
    answers: answers
      .filter(({ obligationId }) => obligationId === row.id)
      .map(({ personId, at }) => ({ person: personId as PersonId, at })),
  }));
};

interface CardRow {
  person_id: bigint;
  round: number;
  number: string;
  state: string;
  ack: string;
  hash: string | null;
}

/**
 * What the card's person was asked for under its notice; by their few ids, so that nobody's statistics, which are old
 * right after a publication, can make the database read all that others owe.
 */
const owedOnCard = (card: DeliveryId): Prisma.Sql => Prisma.sql`
  o."notice_id" = (SELECT d."notice_id" FROM "delivery" d WHERE d."id" = ${card})
  AND o."id" = ANY (ARRAY(SELECT k."obligation_id" FROM "asked" k
                          WHERE k."person_id" = (SELECT d."person_id" FROM "delivery" d WHERE d."id" = ${card})))`;

/**
 * Everything that decides what a tap on this card does. The obligations are locked first, and the card is read after it:
 * whoever answers or takes back holds them, and no card is ever locked before an obligation.
 */
export const tapFacts = async (
  tx: Tx,
  press: Pressed & { readonly delivery: DeliveryId; readonly round: number },
): Promise<TapFacts | null> => {
  const owed = await duties(tx, owedOnCard(press.delivery));
  const [card] = await tx.$queryRaw<CardRow[]>`
    SELECT d."person_id", d."round", n."number", n."state", n."ack", t."hash"
    FROM "delivery" d JOIN "notice" n ON n."id" = d."notice_id"
    LEFT JOIN "notice_text" t ON t."notice_id" = n."id" AND t."locale" = coalesce(d."shown_locale", n."locale")
    WHERE d."id" = ${press.delivery}`;
  if (!card) return null;
  return {
    person: press.sender.person,
    own: card.person_id === press.sender.person,
    notice: { state: card.state as NoticeState, ack: card.ack as Ack },
    round: card.round,
    pressed: press.round,
    words: press.words,
    number: card.number,
    contentHash: card.hash,
    duties: owed,
    latest:
      card.state === "superseded"
        ? await latestVersion(tx, card.number, { person: press.sender.person, unitCode: null })
        : null,
  };
};

/** Everything that decides whether the sender may answer this obligation for its unit. */
export const proxyFacts = async (
  tx: Tx,
  press: Pressed & { readonly obligation: ObligationId },
): Promise<ProxyFacts | null> => {
  const [duty] = await duties(tx, Prisma.sql`o."id" = ${press.obligation}`);
  if (!duty) return null;
  const [notice] = await tx.$queryRaw<
    { number: string; state: string; hash: string; personal: boolean; asked: boolean }[]
  >`
    SELECT n."number", n."state", t."hash", o."person_id" IS NOT NULL AS "personal", EXISTS (
      SELECT FROM "asked" k WHERE k."obligation_id" = o."id" AND k."person_id" = ${press.sender.person}) AS "asked"
    FROM "obligation" o JOIN "notice" n ON n."id" = o."notice_id"
    JOIN "notice_text" t ON t."notice_id" = n."id"
    WHERE o."id" = ${press.obligation}
    ORDER BY (t."locale" = ${press.sender.locale}) DESC NULLS LAST, (t."locale" = n."locale") DESC LIMIT 1`;
  if (!notice) return null;
  const posts = await tx.$queryRaw<{ post: PostName; deputy: boolean; lft: number; rgt: number }[]>`
    SELECT p."post", p."deputy", u."lft", u."rgt" FROM "post" p JOIN "unit" u ON u."id" = p."unit_id"
    WHERE p."person_id" = ${press.sender.person}`;
  return {
    number: notice.number,
    contentHash: notice.hash,
    notice: notice.state as NoticeState,
    duty,
    // What a person owes for themself nobody else can give: there is no unit to answer for.
    relation: notice.personal && !notice.asked ? "none" : relationTo(duty, notice.asked, posts),
    latest:
      notice.state === "superseded"
        ? await latestVersion(tx, notice.number, { person: press.sender.person, unitCode: duty.unitCode })
        : null,
  };
};
