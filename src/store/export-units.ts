import type { ExportStore, UnitOnRecord } from "../ports/store/export-store.ts";
import type { Db } from "./client.ts";
import { extentOf, scope } from "./export-scope.ts";
import { Prisma } from "./generated/client.ts";

export const exportUnits = (db: Db): Pick<ExportStore, "unitExtent" | "units"> => ({
  unitExtent: (under) => extentOf(db, under, Prisma.sql`SELECT u."id" AS "key" FROM "unit" u WHERE ${scope(under)}`),
  units: ({ after, upTo, limit, under }) => db.$queryRaw<UnitOnRecord[]>`
    SELECT u."id" AS "key", u."code", u."name", u."kind", p."code" AS "parent", u."division", u."industries",
           u."site_types" AS "siteTypes", u."grade", u."watch", u."status"
    FROM "unit" u LEFT JOIN "unit" p ON p."id" = u."parent_id"
    WHERE u."id" > ${after} AND u."id" <= ${upTo} AND ${scope(under)} ORDER BY u."id" LIMIT ${limit}`,
});
