import type { PersonUid } from "../domain/ids.ts";
import type { Keys } from "../ports/keys.ts";
import type { Prisma } from "./generated/client.ts";

type Tx = Prisma.TransactionClient;

/** Somebody on record in an office. */
export interface OfficeHolder {
  readonly id: bigint;
  readonly uid: PersonUid;
  readonly name: string;
  /** Whether they are reached somewhere already: by a platform, or by a web chat that they have opened. */
  readonly enrolled: boolean;
}

interface Row {
  id: bigint;
  uid: string;
  name_cell: Uint8Array;
  wrapped: Uint8Array;
  enrolled: boolean;
}

export interface Office {
  readonly unit: bigint;
  readonly post: string;
  readonly deputy: boolean;
}

/** Who is on record in an office, the longest first. */
export const officeHolders = async (
  tx: Tx,
  keys: Keys,
  { unit, post, deputy }: Office,
): Promise<readonly OfficeHolder[]> => {
  const rows = await tx.$queryRaw<Row[]>`
    SELECT p."id", p."uid", p."name_cell", k."wrapped",
           EXISTS (SELECT FROM "account" a WHERE a."person_id" = p."id" AND a."gone" IS NULL
                   AND (a."platform" <> 'web' OR EXISTS (SELECT FROM "web_session" s WHERE s."account_id" = a."id")
                        OR EXISTS (SELECT FROM "web_link" l WHERE l."person_id" = p."id" AND l."used_at" IS NOT NULL)))
             AS "enrolled"
    FROM "post" h JOIN "person" p ON p."id" = h."person_id" JOIN "person_key" k ON k."person_id" = p."id"
    WHERE h."unit_id" = ${unit} AND h."post" = ${post} AND h."deputy" = ${deputy} ORDER BY h."id"`;
  return rows.map(({ id, uid, name_cell, wrapped, enrolled }) => ({
    id,
    uid: uid as PersonUid,
    name: keys.person(uid, wrapped).open("person.name_cell", name_cell),
    enrolled,
  }));
};
