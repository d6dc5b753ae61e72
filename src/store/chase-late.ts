import type { Look } from "../ports/store/chase-store.ts";
import { Prisma } from "./generated/client.ts";

type Tx = Prisma.TransactionClient;

const some = ({ now, only }: Look, most: number): Prisma.Sql => Prisma.sql`
  SELECT o."id", o."notice_id", o."unit_id", o."person_id", o."generation", o."plan_id"
  FROM "obligation" o
  WHERE o."state" = 'open' AND o."next_at" <= ${now}::timestamptz
    ${only === null ? Prisma.empty : Prisma.sql`AND o."notice_id" = ${only}`}
  ORDER BY o."next_at", o."id" LIMIT ${most} FOR UPDATE OF o SKIP LOCKED`;

/**
 * Puts together what is due, for the rest of the transaction, and locks it; what others hold is theirs. Rungs that are
 * overdue together collapse into the latest. Returns how many there are.
 */
export const gatherLate = async (tx: Tx, look: Look, most: number): Promise<number> => {
  await tx.$executeRaw`DROP TABLE IF EXISTS pg_temp."late"`;
  await tx.$executeRaw`
    CREATE TEMPORARY TABLE "late" ON COMMIT DROP AS
    WITH due AS MATERIALIZED (${some(look, most)}),
    reached AS (
      SELECT p."plan_id", max(s."step") AS "step" FROM (SELECT DISTINCT "plan_id" FROM due) p
      JOIN "plan_step" s ON s."plan_id" = p."plan_id" AND s."at" <= ${look.now}::timestamptz GROUP BY p."plan_id")
    SELECT due.*, s."step", s."at" AS "planned_at", s."deeds", then_."step" AS "then_step", then_."at" AS "then_at",
           u."lft", u."parent_id", coalesce(above."parent_id", u."parent_id") AS "grand_id", n."number",
           CASE WHEN n."urgency" IN ('urgent', 'flash') THEN n."urgency" WHEN s."any_hour" THEN 'legal-clock' END AS "reason"
    FROM due JOIN reached ON reached."plan_id" = due."plan_id"
    JOIN "plan_step" s ON s."plan_id" = due."plan_id" AND s."step" = reached."step"
    LEFT JOIN "plan_step" then_ ON then_."plan_id" = due."plan_id" AND then_."step" = reached."step" + 1
    JOIN "notice" n ON n."id" = due."notice_id" JOIN "unit" u ON u."id" = due."unit_id"
    LEFT JOIN "unit" above ON above."id" = u."parent_id"`;
  const [row] = await tx.$queryRaw<[{ count: number }]>`SELECT count(*)::int AS "count" FROM "late"`;
  return row.count;
};

/** Each is decided here and nowhere else: its row, and on to the next one. */
export const decideLate = async (tx: Tx, { now }: Look): Promise<void> => {
  await tx.$executeRaw`
    INSERT INTO "rung" ("obligation_id", "generation", "step", "planned_at", "at")
    SELECT "id", "generation", "step", "planned_at", ${now}::timestamptz FROM "late" ON CONFLICT DO NOTHING`;
  await tx.$executeRaw`
    UPDATE "obligation" o SET "next_step" = coalesce(l."then_step", l."step" + 1), "next_at" = l."then_at"
    FROM "late" l WHERE o."id" = l."id"`;
};
