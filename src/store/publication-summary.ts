import type { PublicationPreview } from "../ports/store/notice-store.ts";
import type { Prisma } from "./generated/client.ts";

type Summary = Pick<PublicationPreview, "byPlatform" | "byKind" | "byTier" | "unreachable">;

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
  unreachable: await tx.$queryRaw<Summary["unreachable"]>`
    SELECT u."code", u."name" AS "unit", 'vacant' AS "why", u."lft"
    FROM "obligation" o JOIN "unit" u ON u."id" = o."unit_id"
    WHERE o."notice_id" = ${notice} AND o."state" = 'open'
      AND NOT EXISTS (SELECT FROM "asked" a WHERE a."obligation_id" = o."id")
    UNION ALL
    SELECT u."code", u."name", d."why", u."lft"
    FROM "delivery" d JOIN "unit" u ON u."id" = d."unit_id" WHERE d."notice_id" = ${notice} AND d."state" = 'gone'
    ORDER BY "lft"`,
});
