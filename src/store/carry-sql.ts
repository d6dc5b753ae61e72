import type { CarriedOver } from "../ports/store/amend-store.ts";
import type { Prisma } from "./generated/client.ts";

type Tx = Prisma.TransactionClient;

/** Pairs in one entry of the ledger: each entry stays small enough to be handed on as a proof. */
const PAIRS = 1_000;

/**
 * Answers to the old obligations of a unit count for its new ones. A unit that was excused, or is now, has none. An answer
 * by tap goes along as long as whoever gave it still holds an office in the unit: who took something on and has left does
 * not stand for it any more. One by proxy or on paper is the unit's. What people owe for themselves only they answered.
 */
const copyAnswers = (tx: Tx, from: bigint, to: bigint): Promise<number> => tx.$executeRaw`
  INSERT INTO "answer" ("obligation_id", "generation", "person_id", "how", "words_cell", "at", "late", "carried_from")
  SELECT DISTINCT ON (n."id", a."person_id") n."id", n."generation", a."person_id", a."how", a."words_cell", a."at",
         coalesce(a."at" > n."due_at", FALSE), a."id"
  FROM "obligation" n
  JOIN "obligation" o ON o."notice_id" = ${from} AND o."unit_id" = n."unit_id" AND o."state" IN ('open', 'fulfilled')
  JOIN "answer" a ON a."obligation_id" = o."id" AND a."taken_back_at" IS NULL
  WHERE n."notice_id" = ${to} AND n."state" = 'open'
    AND (n."person_id" IS NULL OR n."person_id" = a."person_id")
    AND (a."how" <> 'tap' OR EXISTS (SELECT FROM "post" p WHERE p."unit_id" = n."unit_id" AND p."person_id" = a."person_id"))
  ORDER BY n."id", a."person_id", a."at", a."id"`;

/** Fulfilled when, and how, the answer was given that made them so. */
const fulfil = (tx: Tx, notice: bigint): Promise<number> => tx.$executeRaw`
  UPDATE "obligation" n SET "state" = 'fulfilled', "fulfilled_at" = enough."at", "fulfilled_how" = enough."how"
  FROM (
    SELECT o."id", (array_agg(a."at" ORDER BY a."at", a."id"))[o."needed"] AS "at",
           (array_agg(a."how" ORDER BY a."at", a."id"))[o."needed"] AS "how"
    FROM "obligation" o JOIN "answer" a ON a."obligation_id" = o."id"
    WHERE o."notice_id" = ${notice} AND o."state" = 'open'
    GROUP BY o."id" HAVING count(*) >= o."needed") enough
  WHERE n."id" = enough."id"`;

const pairs = (tx: Tx, notice: bigint) => tx.$queryRaw<CarriedOver[]>`
  SELECT "fulfilled", string_agg("new" || ':' || "old", ',' ORDER BY "new", "old") AS "obligations"
  FROM (
    SELECT *, (row_number() OVER (PARTITION BY "fulfilled" ORDER BY "new", "old") - 1) / ${PAIRS} AS "part"
    FROM (
      SELECT DISTINCT n."id" AS "new", was."obligation_id" AS "old", n."state" = 'fulfilled' AS "fulfilled"
      FROM "obligation" n JOIN "answer" a ON a."obligation_id" = n."id" JOIN "answer" was ON was."id" = a."carried_from"
      WHERE n."notice_id" = ${notice}) pair) parted
  GROUP BY "fulfilled", "part" ORDER BY min("new"), "fulfilled"`;

/** Takes the answers to one notice along to the one that replaces it. Returns how many obligations they fulfil, and whose. */
export const carryOver = async (
  tx: Tx,
  from: bigint,
  to: bigint,
): Promise<{ readonly carried: number; readonly carriedOver: readonly CarriedOver[] }> => {
  if ((await copyAnswers(tx, from, to)) === 0) return { carried: 0, carriedOver: [] };
  const carried = await fulfil(tx, to);
  return { carried, carriedOver: await pairs(tx, to) };
};
