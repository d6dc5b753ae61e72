import type { PlatformName } from "../domain/platform.ts";
import type { Swept, Times } from "../ports/store/delivery-store.ts";
import type { Db } from "./client.ts";
import { deathsOf, MOST_DEATHS } from "./delivery-claims.ts";
import { Prisma } from "./generated/client.ts";
import { leaseOver } from "./lease-over.ts";

/** How long a doubt waits for the person's answer before the one repeat (service time). */
const REPEAT_AFTER_MS = 10 * 60_000;
/** A warning is repeated at once: after as long as the truth needs if it is only late. */
const REPEAT_URGENT_AFTER_MS = 2_000;
/** Rows a round; the next round takes the rest. */
const MOST = 5_000;

/** Locked in the order of their ids and skipping what others hold, so that sweeps never wait for each other. */
const some = (which: Prisma.Sql): Prisma.Sql => Prisma.sql`ANY (ARRAY(
  SELECT d."id" FROM "delivery" d WHERE ${which} ORDER BY d."id" LIMIT ${MOST} FOR UPDATE OF d SKIP LOCKED))`;

/** Never of a notice that is over, though people are told that it is; no more than once, and nothing that an operator is to let go. */
const repeat = (db: Db, idempotent: readonly string[], { now }: Times) => db.$executeRaw`
  UPDATE "delivery" SET "state" = 'pending', "at" = ${now}::timestamptz, "doubt_at" = NULL, "lease_id" = NULL,
    "begun_at" = NULL, "maybe_sent" = TRUE, "repeats" = "repeats" + CASE WHEN "platform" = ANY (${[...idempotent]}::text[]) THEN 0 ELSE 1 END
  WHERE "id" = ${some(Prisma.sql`d."state" = 'in-doubt' AND d."held_at" IS NULL
    AND (d."platform" = ANY (${[...idempotent]}::text[])
      OR d."repeats" = 0 AND d."lane" = 0 AND d."doubt_at" <= ${new Date(now.getTime() - REPEAT_URGENT_AFTER_MS)}::timestamptz
      OR d."repeats" = 0 AND d."doubt_at" <= ${new Date(now.getTime() - REPEAT_AFTER_MS)}::timestamptz)
    AND NOT d."withdrawn"
    AND (d."kind" <> 'notice'
      OR EXISTS (SELECT FROM "notice" n WHERE n."id" = d."notice_id" AND n."state" = 'published'))`)}`;

/** What stands in the chat already keeps standing there as it is. */
const giveUp = async (db: Db, { real }: Times): Promise<number> => {
  const unsent = await db.$executeRaw`
    UPDATE "delivery" SET "state" = 'refused', "why" = 'kills-its-process', "deaths" = 0, "lease_id" = NULL,
      "lease_until" = NULL
    WHERE "id" = ${some(Prisma.sql`d."deaths" > 0 AND d."state" = 'sending' AND d."begun_at" IS NULL
      AND d."deaths" + 1 >= ${MOST_DEATHS} AND ${leaseOver(Prisma.sql`d`, real)}`)}`;
  const undrawn = await db.$executeRaw`
    UPDATE "delivery" SET "drawn_rev" = "wanted_rev", "deaths" = 0, "lease_id" = NULL, "lease_until" = NULL
    WHERE "id" = ${some(Prisma.sql`d."deaths" > 0 AND d."state" IN ('sent', 'delivered', 'seen')
      AND ${deathsOf(real)} >= ${MOST_DEATHS}`)}`;
  return unsent + undrawn;
};

export const sweepDeliveries = async (db: Db, idempotent: readonly PlatformName[], times: Times): Promise<Swept> => {
  const { now, real } = times;
  const ranOut = Prisma.sql`d."state" = 'sending' AND ${leaseOver(Prisma.sql`d`, real)}`;
  const harmless = Prisma.sql`(d."begun_at" IS NULL OR NOT d."withdrawn" AND d."platform" = ANY (${[...idempotent]}::text[]))`;
  const repeated = await repeat(db, idempotent, times);
  const poisonous = await giveUp(db, times);
  const returned = await db.$executeRaw`
    UPDATE "delivery" SET "state" = 'pending', "lease_id" = NULL, "lease_until" = NULL,
      "maybe_sent" = "maybe_sent" OR "begun_at" IS NOT NULL,
      "deaths" = "deaths" + CASE WHEN "begun_at" IS NULL THEN 1 ELSE 0 END, "begun_at" = NULL
    WHERE "id" = ${some(Prisma.sql`${ranOut} AND ${harmless}`)}`;
  const doubted = await db.$executeRaw`
    UPDATE "delivery" SET "state" = 'in-doubt', "doubt_at" = ${now}::timestamptz, "lease_until" = NULL
    WHERE "id" = ${some(Prisma.sql`${ranOut} AND NOT ${harmless}`)}`;
  const refreshed = await db.$executeRaw`
    UPDATE "delivery" SET "wanted_rev" = "wanted_rev" + 1, "refresh_at" = NULL
    WHERE "id" = ${some(Prisma.sql`d."refresh_at" <= ${now}::timestamptz`)}`;
  return { returned, doubted, poisonous, repeated, refreshed };
};
