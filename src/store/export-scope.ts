import type { Extent } from "../ports/store/export-store.ts";
import type { Db } from "./client.ts";
import { Prisma } from "./generated/client.ts";

/** Whether a unit `u` is the named one or lies below it; without a name every unit is. */
export const scope = (under: string | null): Prisma.Sql =>
  under === null
    ? Prisma.sql`TRUE`
    : Prisma.sql`EXISTS (SELECT FROM "unit" top WHERE top."code" = ${under} AND u."lft" BETWEEN top."lft" AND top."rgt")`;

/** Counts the rows of a statement that gives their `key`; null where the named unit is unknown. */
export const extentOf = async (db: Db, under: string | null, keys: Prisma.Sql): Promise<Extent | null> => {
  const [extent] = await db.$queryRaw<[Extent & { known: boolean }]>`
    SELECT count(*)::int AS "rows", coalesce(max(k."key"), 0) AS "upTo",
           ${under}::text IS NULL OR EXISTS (SELECT FROM "unit" WHERE "code" = ${under}) AS "known"
    FROM (${keys}) k`;
  return extent.known ? { rows: extent.rows, upTo: extent.upTo } : null;
};
