import type { PublicationPreview } from "../ports/store/notice-store.ts";
import { Prisma } from "./generated/client.ts";

type Summary = Pick<PublicationPreview, "byPlatform" | "byKind" | "byTier" | "unreached" | "unreachable">;

/** Before anybody has enrolled, nobody at all is reached: the list must not grow with them. */
const MOST_UNREACHABLE = 1_000;

/** Where nobody holds an office, and who has no address that works. */
const unreachable = (notice: bigint): Prisma.Sql => Prisma.sql`
  SELECT o."unit_id", 'vacant' AS "why" FROM "obligation" o
  WHERE o."notice_id" = ${notice} AND o."state" = 'open'
    AND NOT EXISTS (SELECT FROM "asked" a WHERE a."obligation_id" = o."id")
  UNION ALL
  SELECT d."unit_id", d."why" FROM "delivery" d WHERE d."notice_id" = ${notice} AND d."state" = 'gone'`;

/** Who a notice goes to, by what, and who it does not reach: read from the rows that publishing wrote. */
export const publicationSummary = async (tx: Prisma.TransactionClient, notice: bigint): Promise<Summary> => ({
  byPlatform: await tx.$queryRaw<Summary["byPlatform"]>`
    SELECT "platform", count(*)::int AS "people" FROM "delivery" WHERE "notice_id" = ${notice}
    GROUP BY "platform" ORDER BY "people" DESC, "platform"`,
  byKind: await tx.$queryRaw<Summary["byKind"]>`
    SELECT u."kind", count(DISTINCT u."id")::int AS "units" FROM "obligation" o JOIN "unit" u ON u."id" = o."unit_id"
    WHERE o."notice_id" = ${notice} AND o."state" = 'open' GROUP BY u."kind" ORDER BY "units" DESC, u."kind"`,
  byTier: await tx.$queryRaw<Summary["byTier"]>`
    SELECT u."depth", count(DISTINCT u."id")::int AS "units" FROM "obligation" o JOIN "unit" u ON u."id" = o."unit_id"
    WHERE o."notice_id" = ${notice} AND o."state" = 'open' GROUP BY u."depth" ORDER BY u."depth"`,
  unreached: await tx.$queryRaw<[{ count: number }]>`
    SELECT count(*)::int AS "count" FROM (${unreachable(notice)}) unreachable`.then(([{ count }]) => count),
  unreachable: await tx.$queryRaw<Summary["unreachable"]>`
    SELECT u."code", u."name" AS "unit", unreachable."why"
    FROM (${unreachable(notice)}) unreachable JOIN "unit" u ON u."id" = unreachable."unit_id"
    ORDER BY u."lft" LIMIT ${MOST_UNREACHABLE}`,
});
