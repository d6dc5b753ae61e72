import { namesPost, parseAudience } from "../domain/audience.ts";
import type { Prisma } from "./generated/client.ts";

type Tx = Prisma.TransactionClient;

/** Somebody who was asked for an open obligation in an office that they hold no more. */
export interface Lapsed {
  readonly obligation: bigint;
  readonly uid: string;
}

/** An open obligation whom nobody is asked for, or others than hold the office. */
export interface Orphaned {
  readonly id: bigint;
  /** Owed by one person alone. */
  readonly own: boolean;
  /** The offices in which it was asked until now, where the audience names offices; none where it means whoever answers for the unit. */
  readonly posts: readonly string[];
}

/**
 * Locks the obligations, in the order of their ids, of units where offices changed: those that nobody is asked for, and
 * those where somebody was asked in an office which they hold no more and has not answered.
 */
const lock = (tx: Tx, units: Prisma.Sql) => tx.$queryRaw<{ id: bigint }[]>`
  SELECT o."id" FROM "obligation" o JOIN "notice" n ON n."id" = o."notice_id" AND n."state" = 'published'
  WHERE o."state" = 'open' AND o."unit_id" IN (${units})
    AND (NOT EXISTS (SELECT FROM "asked" k WHERE k."obligation_id" = o."id")
      OR EXISTS (SELECT FROM "asked" k WHERE k."obligation_id" = o."id" AND NOT EXISTS (
           SELECT FROM "post" p WHERE p."unit_id" = o."unit_id" AND p."person_id" = k."person_id"
             AND p."post" = k."post" AND p."deputy" = k."deputy")))
  ORDER BY o."id" FOR UPDATE OF o`;

/** Asks them no more. What somebody has answered stands, whatever office they hold now. */
const release = (tx: Tx, ids: readonly bigint[], now: Date) => tx.$queryRaw<Lapsed[]>`
  WITH lapsed AS (
    DELETE FROM "asked" k USING "obligation" o
    WHERE o."id" = k."obligation_id" AND o."id" = ANY (${[...ids]}::bigint[])
      AND NOT EXISTS (
        SELECT FROM "post" p WHERE p."unit_id" = o."unit_id" AND p."person_id" = k."person_id"
          AND p."post" = k."post" AND p."deputy" = k."deputy")
      AND NOT EXISTS (
        SELECT FROM "answer" a WHERE a."obligation_id" = o."id" AND a."person_id" = k."person_id"
          AND a."taken_back_at" IS NULL)
    RETURNING k."obligation_id", k."person_id", k."post"),
  released AS (
    INSERT INTO "released" ("obligation_id", "person_id", "post", "at")
    SELECT "obligation_id", "person_id", "post", ${now}::timestamptz FROM lapsed
    ON CONFLICT ("person_id", "obligation_id") DO UPDATE SET "post" = excluded."post", "at" = excluded."at")
  SELECT l."obligation_id" AS "obligation", p."uid"
  FROM lapsed l JOIN "person" p ON p."id" = l."person_id" ORDER BY l."obligation_id", p."uid"`;

/** Through which offices these were asked before. */
const before = (tx: Tx, ids: readonly bigint[]) => tx.$queryRaw<(Orphaned & { audience: string })[]>`
  SELECT o."id", o."person_id" IS NOT NULL AS "own", n."audience",
         ARRAY(SELECT DISTINCT r."post" FROM "released" r WHERE r."obligation_id" = o."id") AS "posts"
  FROM "obligation" o JOIN "notice" n ON n."id" = o."notice_id" WHERE o."id" = ANY (${[...ids]}::bigint[]) ORDER BY o."id"`;

/** Whether an audience names offices. What an author wrote was read before it was published. */
const namesOffices = (audience: string): boolean => {
  const parsed = parseAudience(audience);
  return parsed.kind === "audience" && namesPost(parsed.audience);
};

/** Finds what has lost those who were asked for it, and releases them. */
export const releaseLapsed = async (
  tx: Tx,
  units: Prisma.Sql,
  now: Date,
): Promise<{ readonly orphaned: readonly Orphaned[]; readonly lapsed: readonly Lapsed[] }> => {
  const ids = (await lock(tx, units)).map(({ id }) => id);
  if (ids.length === 0) return { orphaned: [], lapsed: [] };
  const lapsed = await release(tx, ids, now);
  const orphaned = await before(tx, ids);
  const named = new Set([...new Set(orphaned.map(({ audience }) => audience))].filter(namesOffices));
  return {
    lapsed,
    orphaned: orphaned.map(({ id, own, posts, audience }) => ({
      id,
      own,
      posts: own || named.has(audience) ? posts : [],
    })),
  };
};
