import type { FallBack, FallBackStore } from "../ports/store/fall-back-store.ts";
import type { Db } from "./client.ts";
import { Prisma } from "./generated/client.ts";

/** The first working account on another platform than this, in the order of preference. */
const next = (platforms: readonly string[], person: Prisma.Sql, but: Prisma.Sql, and = Prisma.sql`TRUE`): Prisma.Sql =>
  Prisma.sql`
  SELECT a."id", a."platform" FROM "account" a
  WHERE a."person_id" = ${person} AND a."gone" IS NULL AND a."platform" = ANY (${[...platforms]}) AND a."platform" <> ${but} AND ${and}
  ORDER BY array_position(${[...platforms]}, a."platform"), a."id" LIMIT 1`;

const move = (db: Db, { platforms, now }: FallBack) => db.$executeRaw`
  UPDATE "delivery" SET "state" = 'pending', "why" = NULL, "at" = ${now}::timestamptz, "attempts" = 0, "lease_id" = NULL,
    "begun_at" = NULL, "account_id" = found."account", "platform" = found."platform"
  FROM (
    SELECT d."id" AS "delivery", other."id" AS "account", other."platform"
    FROM "delivery" d JOIN "notice" n ON n."id" = d."notice_id" AND n."state" = 'published'
    CROSS JOIN LATERAL (${next(platforms, Prisma.sql`d."person_id"`, Prisma.sql`d."platform"`)}) other
    WHERE d."state" = 'gone' AND d."kind" = 'notice' AND d."account_id" IS NOT NULL AND d."ref" IS NULL AND NOT d."withdrawn"
    ORDER BY d."id" FOR UPDATE OF d SKIP LOCKED) found
  WHERE "delivery"."id" = found."delivery"`;

/** A list that was sent since the notice was shows it too: whoever owes much gets one list and not many. */
const list = (db: Db, { platforms, before, beforeUrgent, now }: FallBack) => db.$executeRaw`
  WITH waiting AS (
    SELECT DISTINCT ON (d."person_id") d."id", d."person_id", d."platform", d."lane", d."sent_at"
    FROM "obligation" o JOIN "asked" k ON k."obligation_id" = o."id"
    JOIN "notice" n ON n."id" = o."notice_id" AND n."state" = 'published'
    JOIN "delivery" d ON d."person_id" = k."person_id" AND d."notice_id" = o."notice_id" AND d."kind" = 'notice'
    WHERE o."state" = 'open' AND d."state" IN ('sent', 'delivered', 'seen')
      AND d."sent_at" <= CASE WHEN d."lane" = 0 THEN ${beforeUrgent}::timestamptz ELSE ${before}::timestamptz END
      AND NOT EXISTS (SELECT FROM "answer" w WHERE w."obligation_id" = o."id" AND w."person_id" = k."person_id"
                      AND w."taken_back_at" IS NULL)
      AND NOT EXISTS (SELECT FROM "delivery" t WHERE t."person_id" = d."person_id" AND t."slot" LIKE 'next %'
                      AND t."at" > CASE WHEN d."lane" = 0 THEN ${beforeUrgent}::timestamptz ELSE ${before}::timestamptz END)
    ORDER BY d."person_id", d."lane", d."id")
  INSERT INTO "delivery" ("person_id", "kind", "slot", "account_id", "platform", "lane", "at")
  SELECT w."person_id", 'todo', 'next ' || w."id" || ' ' || other."platform", other."id", other."platform", w."lane", ${now}::timestamptz
  FROM waiting w CROSS JOIN LATERAL (${next(
    platforms,
    Prisma.sql`w."person_id"`,
    Prisma.sql`w."platform"`,
    Prisma.sql`NOT EXISTS (SELECT FROM "delivery" t WHERE t."person_id" = w."person_id" AND t."platform" = a."platform"
                           AND t."slot" LIKE 'next %' AND t."at" >= w."sent_at")`,
  )}) other
  ON CONFLICT DO NOTHING`;

export const fallBackStore = (db: Db): FallBackStore => ({
  move: (how) => move(db, how),
  list: (how) => list(db, how),
});
