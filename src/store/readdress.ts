import type { Keys } from "../ports/keys.ts";
import type { Times } from "../ports/store/delivery-store.ts";
import type { Db } from "./client.ts";
import { type Of, unsent } from "./delivery-outcomes.ts";
import { Prisma } from "./generated/client.ts";

interface Owner {
  account_id: bigint;
  uid: string;
  wrapped: Uint8Array;
}

/**
 * Gives the account behind a delivery its new address and sends again at once. Where another account has that address
 * already, this one is gone: the person, or somebody else, is reached there.
 */
export const readdress = async (
  db: Db,
  keys: Keys,
  { delivery, next }: Of<"readdressed">,
  { now }: Times,
): Promise<void> => {
  const [owner] = await db.$queryRaw<Owner[]>`
    SELECT d."account_id", p."uid", k."wrapped"
    FROM "delivery" d JOIN "account" a ON a."id" = d."account_id" JOIN "person" p ON p."id" = a."person_id"
    JOIN "person_key" k ON k."person_id" = p."id"
    WHERE d."id" = ${delivery.id} AND d."lease_id" = ${delivery.lease}`;
  if (!owner) return;
  const cell = keys.person(owner.uid, owner.wrapped).seal("account.address_cell", next.to.chat);
  const indexes = [...keys.indexes("address", next.to.chat)];
  await db.$executeRaw`
    WITH taken AS (
      SELECT FROM "account" WHERE "platform" = ${delivery.address.platform} AND "id" <> ${owner.account_id}
        AND "address_index" = ANY (${indexes}::bytea[])),
    moved AS (
      UPDATE "account" SET
        "address_cell" = CASE WHEN EXISTS (SELECT FROM taken) THEN "address_cell" ELSE ${cell}::bytea END,
        "address_index" = CASE WHEN EXISTS (SELECT FROM taken) THEN "address_index" ELSE ${indexes[0]}::bytea END,
        "gone" = CASE WHEN EXISTS (SELECT FROM taken) THEN 'address-taken' END
      WHERE "id" = ${owner.account_id}
      RETURNING "gone")
    UPDATE "delivery" d SET "lease_id" = NULL, "lease_until" = NULL, "begun_at" = NULL,
      "why" = CASE WHEN d."state" IN ('sending', 'in-doubt') THEN moved."gone" ELSE d."why" END,
      "drawn_rev" = CASE WHEN d."state" IN ('sending', 'in-doubt') OR moved."gone" IS NULL
        THEN d."drawn_rev" ELSE d."wanted_rev" END,
      ${unsent(now, Prisma.sql`d."maybe_sent"`, Prisma.sql`moved."gone" IS NOT NULL`)}
    FROM moved WHERE d."id" = ${delivery.id} AND d."lease_id" = ${delivery.lease}
      AND d."state" IN ('sending', 'in-doubt', 'sent', 'delivered', 'seen')`;
};
