import type { Post, PostName } from "../domain/post.ts";
import { Prisma } from "./generated/client.ts";

/** An invitation and the office that it leads to. */
export interface InvitationRow extends Pick<Post, "post" | "deputy"> {
  readonly id: bigint;
  readonly unit: bigint;
  readonly code: string;
  readonly name: string;
  readonly lft: number;
  readonly rgt: number;
  /** The root of the tree. */
  readonly issuer: string;
  /** Whether units stand below it. */
  readonly below: boolean;
  /** Whether it still lets somebody in. */
  readonly live: boolean;
}

/** Whether it still lets somebody in. Real time. */
export const isLive = (real: Date): Prisma.Sql => Prisma.sql`
  i."used" < i."uses" AND i."revoked_at" IS NULL AND i."expires_at" > ${real}::timestamptz AND u."status" <> 'closed'`;

/** The one invitation that fits `where`, held to the end of the transaction; null where there is none. */
export const invitationRow = async (
  tx: Prisma.TransactionClient,
  where: Prisma.Sql,
  real: Date,
): Promise<InvitationRow | null> => {
  const [row] = await tx.$queryRaw<(Omit<InvitationRow, "post"> & { post: string })[]>`
    SELECT i."id", u."id" AS "unit", u."code", u."name", u."lft", u."rgt", i."post", i."deputy", u."rgt" - u."lft" > 1 AS "below",
           ${isLive(real)} AS "live", (SELECT r."name" FROM "unit" r WHERE r."parent_id" IS NULL) AS "issuer"
    FROM "invitation" i JOIN "unit" u ON u."id" = i."unit_id" WHERE ${where} FOR UPDATE OF i`;
  return row ? { ...row, post: row.post as PostName } : null;
};
