import type { Keys } from "../ports/keys.ts";
import type { ExportStore, Holder } from "../ports/store/export-store.ts";
import type { Db } from "./client.ts";
import { extentOf, scope } from "./export-scope.ts";
import { Prisma } from "./generated/client.ts";
import { recentCells } from "./recent-cells.ts";

interface Row extends Omit<Holder, "name" | "phone" | "accounts"> {
  readonly uid: string;
  readonly wrapped: Uint8Array;
  readonly nameCell: Uint8Array;
  readonly phoneCell: Uint8Array | null;
  readonly accounts: readonly { readonly platform: string; readonly cell: string; readonly gone: boolean }[];
}

/** The posts of everybody who has not been erased. */
const posts = (under: string | null): Prisma.Sql => Prisma.sql`
  "post" h JOIN "unit" u ON u."id" = h."unit_id" JOIN "person_key" k ON k."person_id" = h."person_id" AND ${scope(under)}`;

const opened = (person: Keys["person"], { uid, wrapped, nameCell, phoneCell, accounts, ...row }: Row): Holder => {
  const cells = person(uid, wrapped);
  return {
    ...row,
    name: cells.open("person.name_cell", nameCell),
    phone: phoneCell && cells.open("person.phone_cell", phoneCell),
    accounts: accounts.map(({ platform, cell, gone }) => ({
      platform,
      address: cells.open("account.address_cell", Buffer.from(cell, "base64")),
      gone,
    })),
  };
};

export const exportHolders = (db: Db, keys: Pick<Keys, "person">): Pick<ExportStore, "holderExtent" | "holders"> => ({
  holderExtent: (under) => extentOf(db, under, Prisma.sql`SELECT h."id" AS "key" FROM ${posts(under)}`),
  async holders({ after, upTo, limit, under }) {
    const rows = await db.$queryRaw<Row[]>`
      SELECT h."id" AS "key", u."code" AS "unit", h."post", h."deputy", p."locale", p."uid", k."wrapped",
             p."name_cell" AS "nameCell", p."phone_cell" AS "phoneCell",
             NOT EXISTS (SELECT FROM "post" e JOIN "unit" u ON u."id" = e."unit_id"
                         WHERE e."person_id" = h."person_id" AND e."id" < h."id" AND ${scope(under)}) AS "isFirst",
             coalesce((SELECT jsonb_agg(jsonb_build_object('platform', a."platform",
                                          'cell', encode(a."address_cell", 'base64'), 'gone', a."gone" IS NOT NULL)
                                        ORDER BY a."gone" IS NOT NULL, a."id")
                       FROM "account" a WHERE a."person_id" = h."person_id"), '[]') AS "accounts"
      FROM ${posts(under)} JOIN "person" p ON p."id" = h."person_id"
      WHERE h."id" > ${after} AND h."id" <= ${upTo} ORDER BY h."id" LIMIT ${limit}`;
    const person = recentCells(keys);
    return rows.map((row) => opened(person, row));
  },
});
