import { LEADING } from "../domain/rights.ts";
import { sayTo } from "./event-work.ts";
import { Prisma } from "./generated/client.ts";
import type { InvitationRow } from "./invitation-rows.ts";

type Tx = Prisma.TransactionClient;

interface Wished {
  readonly enrolment: bigint;
  readonly needs: "above" | "self";
  readonly office: Pick<InvitationRow, "lft" | "rgt">;
  readonly candidate: bigint | null;
}

/** The leading holders of the nearest unit above where one of them is reached. */
const above = ({ office: { lft, rgt } }: Wished, reached: Prisma.Sql): Prisma.Sql => Prisma.sql`
  SELECT h."person_id" FROM "post" h JOIN "unit" u ON u."id" = h."unit_id"
  WHERE h."post" = ANY (${[...LEADING]}) AND NOT h."deputy" AND u."lft" = (
    SELECT max(v."lft") FROM "unit" v JOIN "post" g ON g."unit_id" = v."id"
    WHERE v."lft" < ${lft} AND v."rgt" > ${rgt} AND g."post" = ANY (${[...LEADING]}) AND NOT g."deputy"
      AND EXISTS (SELECT FROM "account" a WHERE a."person_id" = g."person_id" AND ${reached}))`;

/** Asks whoever may let them in; where nobody is reached, the operator is left to say so. */
export const askApprovers = async (tx: Tx, wished: Wished, now: Date, platforms: readonly string[]): Promise<void> => {
  const reached = Prisma.sql`a."gone" IS NULL AND a."platform" = ANY (${[...platforms]})`;
  const people = wished.needs === "self" ? Prisma.sql`SELECT ${wished.candidate}::bigint` : above(wished, reached);
  const accounts = await tx.$queryRaw<{ id: bigint }[]>`
    SELECT DISTINCT ON (a."person_id") a."id" FROM "account" a
    WHERE a."person_id" IN (${people}) AND ${reached}
    ORDER BY a."person_id", array_position(${[...platforms]}, a."platform"), a."id"`;
  for (const { id } of accounts)
    await sayTo(tx, { account: id, slot: `enrolment-${wished.enrolment}`, now }, "approval", {
      enrolment: String(wished.enrolment),
    });
};
