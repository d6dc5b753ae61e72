import { LANES } from "../domain/delivery.ts";
import type { PersonUid } from "../domain/ids.ts";
import type { ExcusedObligation, HandedOver } from "../ports/store/roster-store.ts";
import type { Prisma } from "./generated/client.ts";
import { type Lapsed, releaseLapsed } from "./lapsed.ts";
import { askSuccessors, type Successor } from "./successors.ts";

type Tx = Prisma.TransactionClient;

interface How {
  readonly now: Date;
  readonly platforms: readonly string[];
}

interface About {
  readonly id: bigint;
  readonly notice: string;
  readonly unit: string;
  readonly unitName: string;
  readonly own: boolean;
  /** Whether those who are asked now are enough to fulfil it. */
  readonly enough: boolean;
}

const about = (tx: Tx, ids: readonly bigint[]) => tx.$queryRaw<About[]>`
  SELECT o."id", n."number" AS "notice", u."code" AS "unit", u."name" AS "unitName", o."person_id" IS NOT NULL AS "own",
         (SELECT count(*) FROM "asked" k WHERE k."obligation_id" = o."id") >= o."needed" AS "enough"
  FROM "obligation" o JOIN "notice" n ON n."id" = o."notice_id" JOIN "unit" u ON u."id" = o."unit_id"
  WHERE o."id" = ANY (${[...ids]}::bigint[]) ORDER BY n."id", u."lft", o."id"`;

/** A card for everybody who is asked now; one that they have of the same notice already shows what is new. */
const sendCards = (tx: Tx, ids: readonly bigint[], { now, platforms }: How) => tx.$executeRaw`
  INSERT INTO "delivery" AS d ("notice_id", "person_id", "kind", "unit_id", "account_id", "platform", "lane", "state", "why", "at")
  SELECT DISTINCT ON (n."id", k."person_id") n."id", k."person_id", 'notice', o."unit_id", r."id", r."platform",
         CASE WHEN n."urgency" IN ('urgent', 'flash') THEN ${LANES.indexOf("urgent")}::smallint ELSE ${LANES.indexOf("bulk")}::smallint END,
         CASE WHEN r."id" IS NULL THEN 'gone' ELSE 'pending' END,
         CASE WHEN r."id" IS NULL THEN 'no-account' END, greatest(n."published_at", ${now}::timestamptz)
  FROM "obligation" o JOIN "notice" n ON n."id" = o."notice_id" JOIN "unit" u ON u."id" = o."unit_id"
  JOIN "asked" k ON k."obligation_id" = o."id"
  LEFT JOIN LATERAL (
    SELECT a."id", a."platform" FROM "account" a
    WHERE a."person_id" = k."person_id" AND a."gone" IS NULL AND a."platform" = ANY (${[...platforms]})
    ORDER BY array_position(${[...platforms]}, a."platform"), a."id" LIMIT 1) r ON TRUE
  WHERE o."id" = ANY (${[...ids]}::bigint[])
  ORDER BY n."id", k."person_id", u."lft"
  ON CONFLICT ("notice_id", "person_id", "kind", "slot") DO UPDATE SET "wanted_rev" = d."wanted_rev" + 1`;

/** Whoever is asked for nothing more under a notice gets no card that has not left, and sees it on the one they have. */
const withdrawCards = async (tx: Tx, ids: readonly bigint[]): Promise<void> => {
  await tx.$executeRaw`
    DELETE FROM "delivery" d USING "released" r JOIN "obligation" o ON o."id" = r."obligation_id"
    WHERE r."obligation_id" = ANY (${[...ids]}::bigint[]) AND d."notice_id" = o."notice_id" AND d."person_id" = r."person_id"
      AND d."kind" = 'notice' AND d."state" IN ('pending', 'gone', 'refused') AND d."sent_at" IS NULL
      AND d."ref" IS NULL AND d."repeats" = 0
      AND NOT EXISTS (SELECT FROM "asked" k JOIN "obligation" x ON x."id" = k."obligation_id"
                      WHERE k."person_id" = d."person_id" AND x."notice_id" = d."notice_id")`;
  await tx.$executeRaw`
    UPDATE "delivery" SET "wanted_rev" = "wanted_rev" + 1
    WHERE "state" NOT IN ('gone', 'refused') AND "id" IN (
      SELECT d."id" FROM "delivery" d
      WHERE d."id" IN (
        SELECT c."id" FROM "released" r JOIN "obligation" o ON o."id" = r."obligation_id"
        JOIN "delivery" c ON c."notice_id" = o."notice_id" AND c."person_id" = r."person_id" AND c."kind" = 'notice'
        WHERE r."obligation_id" = ANY (${[...ids]}::bigint[])
        UNION
        SELECT max(c."id") FROM "released" r JOIN "delivery" c ON c."person_id" = r."person_id" AND c."kind" IN ('todo', 'proxy')
        WHERE r."obligation_id" = ANY (${[...ids]}::bigint[]) GROUP BY c."person_id", c."kind")
      ORDER BY d."id" FOR UPDATE)`;
};

const excuse = (tx: Tx, ids: readonly bigint[]) => tx.$executeRaw`
  UPDATE "obligation" SET "state" = 'excused', "excuse" = 'left' WHERE "id" = ANY (${[...ids]}::bigint[])`;

const byObligation = (rows: readonly (Lapsed | Successor)[]): ReadonlyMap<bigint, readonly PersonUid[]> => {
  const found = new Map<bigint, PersonUid[]>();
  for (const { obligation, uid } of rows) {
    const uids = found.get(obligation);
    if (uids) uids.push(uid as PersonUid);
    else found.set(obligation, [uid as PersonUid]);
  }
  return found;
};

/**
 * Hands over what is open in units where offices changed hands (a query of their ids): whoever answers there now is asked and gets the card, and
 * whoever has left is asked no more. What somebody owed for themself and nobody takes over is excused.
 */
export const handOver = async (
  tx: Tx,
  units: Prisma.Sql,
  how: How,
): Promise<{ readonly handedOver: readonly HandedOver[]; readonly excused: readonly ExcusedObligation[] }> => {
  const { orphaned, lapsed } = await releaseLapsed(tx, units, how.now);
  if (orphaned.length === 0) return { handedOver: [], excused: [] };
  const successors = await askSuccessors(tx, orphaned, how.platforms);
  const [from, to] = [byObligation(lapsed), byObligation(successors)];
  const changed = await about(tx, [...new Set([...from.keys(), ...to.keys()])]);
  const found = changed.map(({ id, notice, unit, unitName, own, enough }) => {
    const names = { notice, obligation: String(id), unit, unitName };
    return { id, own, over: { ...names, from: from.get(id) ?? [], to: to.get(id) ?? [], vacant: !enough } };
  });
  const lost = found.filter(({ own, over }) => own && over.to.length === 0);
  await excuse(
    tx,
    lost.map(({ id }) => id),
  );
  await sendCards(tx, [...to.keys()], how);
  await withdrawCards(tx, [...from.keys()]);
  return {
    // Who only goes on in another office of the same unit hands nothing over.
    handedOver: found
      .filter((each) => !lost.includes(each) && each.over.from.join() !== each.over.to.join())
      .map(({ over }) => over),
    excused: lost.map(({ over: { from: _from, to: _to, vacant: _vacant, ...names } }) => ({
      ...names,
      reason: "left",
    })),
  };
};
