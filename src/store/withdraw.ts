import type { PlatformName } from "../domain/platform.ts";
import { Prisma } from "./generated/client.ts";

type Tx = Prisma.TransactionClient;

/** Why a person is told: the notice is over, or it is over for them. */
type Told = "recalled" | "released";

/** A row in these states stands in a chat, or may. */
const MAY_STAND = Prisma.sql`('sending', 'sent', 'delivered', 'seen', 'in-doubt')`;

const cards = (notice: bigint): Prisma.Sql =>
  Prisma.sql`coalesce(d."notice_id", 0) = ${notice} AND d."kind" = 'notice'`;

/**
 * Locks everything that is owed under a notice, in the order of the ids, as taps do: whoever answers or takes back is
 * waited for, and whoever comes later reads that the notice is over.
 */
export const holdObligations = (tx: Tx, notice: bigint) => tx.$queryRaw`
  SELECT count(*)::int FROM (
    SELECT 1 FROM "obligation" WHERE "notice_id" = ${notice} ORDER BY "id" FOR UPDATE) held`;

/** What is still open is owed by nobody from now on. Returns how many those are. */
export const cancelOpen = (tx: Tx, notice: bigint): Promise<number> => tx.$executeRaw`
  UPDATE "obligation" SET "state" = 'cancelled', "generation" = "generation" + 1
  WHERE "notice_id" = ${notice} AND "state" = 'open'`;

/**
 * What has not begun to leave never will, though a dispatcher may hold it in its hands: `begin` finds it no longer its
 * own. What stands in a chat is to be drawn again. Returns how many people were never sent it and now never are.
 */
export const withdrawCards = async (tx: Tx, notice: bigint, now: Date): Promise<number> => {
  await tx.$queryRaw`
    SELECT count(*)::int FROM (SELECT 1 FROM "delivery" d WHERE ${cards(notice)} ORDER BY d."id" FOR UPDATE) held`;
  const unbegun = Prisma.sql`(d."state" IN ('pending', 'folded') OR d."state" = 'sending' AND d."begun_at" IS NULL)`;
  const [row] = await tx.$queryRaw<[{ stopped: number }]>`
    WITH withdrawn AS (
      UPDATE "delivery" d SET "withdrawn" = TRUE, "wanted_rev" = d."wanted_rev" + 1, "refresh_at" = NULL,
        "lease_id" = CASE WHEN ${unbegun} THEN NULL ELSE d."lease_id" END,
        "lease_until" = CASE WHEN ${unbegun} THEN NULL ELSE d."lease_until" END,
        "doubt_at" = CASE WHEN ${unbegun} AND d."maybe_sent" THEN ${now}::timestamptz ELSE d."doubt_at" END,
        "state" = CASE WHEN NOT ${unbegun} THEN d."state" WHEN d."maybe_sent" THEN 'in-doubt' ELSE 'stopped' END
      WHERE ${cards(notice)}
      RETURNING d."state")
    SELECT (count(*) FILTER (WHERE "state" = 'stopped'))::int AS "stopped" FROM withdrawn`;
  // Reminders and calls that have not left find that nothing is owed any more, and those that stand in a chat say so.
  await tx.$executeRaw`
    UPDATE "delivery" SET "wanted_rev" = "wanted_rev" + 1
    WHERE "notice_id" = ${notice} AND "kind" IN ('reminder', 'deputy') AND "state" NOT IN ('gone', 'refused', 'stopped')`;
  return row.stopped;
};

/**
 * One message to everybody in whose chat the notice stands, or may stand; nobody else hears anything. There can never be a
 * second one. `but`: those who have a card of this notice are not meant. Returns how many are told.
 */
export const tellOnce = (
  tx: Tx,
  kind: Told,
  notice: bigint,
  to: { readonly platforms: readonly PlatformName[]; readonly now: Date; readonly but: bigint | null },
): Promise<number> => tx.$executeRaw`
  INSERT INTO "delivery" ("notice_id", "person_id", "kind", "unit_id", "account_id", "platform", "lane", "at")
  SELECT d."notice_id", d."person_id", ${kind}, d."unit_id", way."id", way."platform", d."lane", ${to.now}::timestamptz
  FROM "delivery" d CROSS JOIN LATERAL (
    SELECT a."id", a."platform" FROM "account" a
    WHERE a."person_id" = d."person_id" AND a."gone" IS NULL AND a."platform" = ANY (${[...to.platforms]})
    ORDER BY (a."id" = d."account_id") DESC, array_position(${[...to.platforms]}, a."platform"), a."id" LIMIT 1) way
  WHERE ${cards(notice)} AND d."state" IN ${MAY_STAND}
    AND NOT EXISTS (SELECT FROM "delivery" other WHERE coalesce(other."notice_id", 0) = ${to.but}::bigint
                      AND other."kind" = 'notice' AND other."person_id" = d."person_id")
  ORDER BY d."id"
  ON CONFLICT DO NOTHING`;

/** Lists that people have before them no longer show what is true: their own, and those of whoever answers for others. */
export const redrawLists = (tx: Tx, notice: bigint) => tx.$executeRaw`
  UPDATE "delivery" SET "wanted_rev" = "wanted_rev" + 1
  WHERE "id" IN (SELECT max(l."id") FROM "delivery" l
                 WHERE coalesce(l."notice_id", 0) = 0 AND l."kind" IN ('todo', 'proxy', 'digest', 'above', 'task')
                   AND (l."kind" IN ('proxy', 'above', 'task') OR EXISTS (SELECT FROM "delivery" d WHERE ${cards(notice)} AND d."person_id" = l."person_id"))
                 GROUP BY l."person_id", l."kind")
    AND "state" NOT IN ('gone', 'refused')`;
