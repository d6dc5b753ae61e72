import type { Lane } from "../domain/delivery.ts";
import { LANES } from "../domain/delivery.ts";
import type { DeliveryId } from "../domain/ids.ts";
import type { PlatformName } from "../domain/platform.ts";
import type { Keys } from "../ports/keys.ts";
import type { ClaimedDelivery, DeliveryStore, Times } from "../ports/store/delivery-store.ts";
import type { Db } from "./client.ts";
import { Prisma } from "./generated/client.ts";

type Claim = Parameters<DeliveryStore["claim"]>[0];

interface Row {
  id: bigint;
  lane: number;
  ref: string | null;
  rev: number;
  attempts: number;
  platform: string;
  uid: string;
  address: Uint8Array;
  wrapped: Uint8Array | null;
}

/** Whether the platform has asked to wait, as a whole or with this kind of request. */
const paused = (platform: Prisma.Sql, work: Prisma.Sql, real: Date): Prisma.Sql => Prisma.sql`EXISTS (
  SELECT FROM "platform_pause" p
  WHERE p."platform" = ${platform} AND p."method" IN ('*', ${work}) AND p."until" > ${real}::timestamptz)`;

const toSend = (platform: PlatformName, lane: Lane): Prisma.Sql => Prisma.sql`
  d."platform" = ${platform} AND d."lane" = ${LANES.indexOf(lane)}::smallint AND d."state" = 'pending'`;

const toRedraw = (platform: PlatformName, real: Date): Prisma.Sql => Prisma.sql`
  d."platform" = ${platform} AND d."wanted_rev" > d."drawn_rev" AND d."state" IN ('sent', 'delivered', 'seen')
  AND d."ref" IS NOT NULL AND (d."lease_until" IS NULL OR d."lease_until" < ${real}::timestamptz)`;

/**
 * Written so that the planner looks rows up one by one: with joins it takes whole tables for a few hundred rows, as long
 * as those are a good part of a small installation's.
 */
const claimSql = ({ platform, stream, limit, lease }: Claim, { now, real }: Times): Prisma.Sql => {
  const redraw = stream === "redraw";
  return Prisma.sql`
  WITH claimed AS (
    UPDATE "delivery" SET "state" = ${redraw ? Prisma.sql`"state"` : Prisma.sql`'sending'`},
      "lease_id" = ${lease.id}, "lease_until" = ${lease.until}::timestamptz, "begun_at" = NULL,
      "attempts" = "attempts" + 1
    WHERE "id" = ANY (ARRAY(
      SELECT d."id" FROM "delivery" d
      WHERE ${redraw ? toRedraw(platform, real) : toSend(platform, stream)} AND d."at" <= ${now}::timestamptz
        AND NOT ${paused(Prisma.sql`${platform}`, redraw ? Prisma.sql`'redraw'` : Prisma.sql`'send'`, real)}
      ORDER BY ${redraw ? Prisma.sql`d."id"` : Prisma.sql`d."at", d."id"`} LIMIT ${limit}
      FOR UPDATE OF d SKIP LOCKED))
    RETURNING "id", "lane", "ref", "wanted_rev", "attempts", "account_id", "at")
  SELECT c."id", c."lane", c."ref", c."wanted_rev" AS "rev", c."attempts", owner.*
  FROM claimed c CROSS JOIN LATERAL (
    SELECT a."platform", a."address_cell" AS "address", p."uid", k."wrapped"
    FROM "account" a JOIN "person" p ON p."id" = a."person_id" LEFT JOIN "person_key" k ON k."person_id" = p."id"
    WHERE a."id" = c."account_id" LIMIT 1) owner
  ORDER BY c."at", c."id"`;
};

/** Null where the person was erased, or their key does not open any more. */
const addressOf = (keys: Keys, { uid, wrapped, address }: Row): string | null => {
  try {
    return wrapped && keys.person(uid, wrapped).open("account.address_cell", address);
  } catch {
    return null;
  }
};

const dropUnreadable = (db: Db, ids: readonly bigint[], lease: string) => db.$executeRaw`
  UPDATE "delivery" SET "lease_id" = NULL, "lease_until" = NULL, "drawn_rev" = "wanted_rev",
    "why" = CASE WHEN "state" = 'sending' THEN 'address-unreadable' ELSE "why" END,
    "state" = CASE WHEN "state" = 'sending' THEN 'gone' ELSE "state" END
  WHERE "id" = ANY (${[...ids]}::bigint[]) AND "lease_id" = ${lease}`;

export const deliveryClaims = (db: Db, keys: Keys): Pick<DeliveryStore, "claim" | "begin" | "renew"> => ({
  async claim(what, times) {
    const rows = await db.$queryRaw<Row[]>(claimSql(what, times));
    const unreadable: bigint[] = [];
    const claimed: ClaimedDelivery[] = [];
    for (const row of rows) {
      const chat = addressOf(keys, row);
      if (chat === null) unreadable.push(row.id);
      else
        claimed.push({
          id: row.id as DeliveryId,
          lease: what.lease.id,
          work: what.stream === "redraw" ? "redraw" : "send",
          lane: LANES[row.lane] ?? "bulk",
          address: { platform: row.platform as PlatformName, chat },
          ref: row.ref,
          rev: row.rev,
          attempts: row.attempts,
        });
    }
    if (unreadable.length > 0) await dropUnreadable(db, unreadable, what.lease.id);
    return claimed;
  },

  async begin(deliveries, { now, real }) {
    const begun = await db.$queryRaw<{ id: bigint }[]>`
      UPDATE "delivery" d SET "begun_at" = ${real}::timestamptz
      FROM unnest(${deliveries.map(({ id }) => id)}::bigint[], ${deliveries.map(({ lease }) => lease)}::text[],
                  ${deliveries.map(({ rev }) => rev)}::int[], ${deliveries.map(({ work }) => work)}::text[])
           AS c("id", "lease", "rev", "work")
      WHERE d."id" = c."id" AND d."lease_id" = c."lease" AND d."lease_until" > ${real}::timestamptz
        AND d."wanted_rev" = c."rev" AND d."at" <= ${now}::timestamptz
        AND (d."state" = 'sending' OR c."work" = 'redraw' AND d."state" IN ('sent', 'delivered', 'seen'))
        AND NOT ${paused(Prisma.sql`d."platform"`, Prisma.sql`c."work"`, real)}
      RETURNING d."id"`;
    const may = new Set(begun.map(({ id }) => id));
    return deliveries.filter(({ id }) => may.has(id));
  },

  async renew(deliveries, until) {
    await db.$executeRaw`
      UPDATE "delivery" d SET "lease_until" = ${until}::timestamptz
      FROM unnest(${deliveries.map(({ id }) => id)}::bigint[], ${deliveries.map(({ lease }) => lease)}::text[])
           AS c("id", "lease")
      WHERE d."id" = c."id" AND d."lease_id" = c."lease" AND d."state" IN ('sending', 'sent', 'delivered', 'seen')`;
  },
});
