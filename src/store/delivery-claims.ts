import type { Lane } from "../domain/delivery.ts";
import { DELIVERY_KINDS, LANES } from "../domain/delivery.ts";
import type { DeliveryId } from "../domain/ids.ts";
import type { PlatformName } from "../domain/platform.ts";
import type { Keys } from "../ports/keys.ts";
import type { ClaimedDelivery, DeliveryStore, Times } from "../ports/store/delivery-store.ts";
import type { Db } from "./client.ts";
import { Prisma } from "./generated/client.ts";
import { leaseOver } from "./lease-over.ts";

type Claim = Parameters<DeliveryStore["claim"]>[0];

/** Suspects that are tried together. */
const MOST_TOGETHER = 32;
/** What has killed its process this often is never drawn again: twice beside others, and twice alone. */
export const MOST_DEATHS = 4;

const D = Prisma.sql`d`;
/** What this release knows how to draw; the rest is left to a newer one beside it. */
const KNOWN = Prisma.sql`d."kind" = ANY (${[...DELIVERY_KINDS]}::text[])`;

interface Row {
  id: bigint;
  lane: number;
  work: "send" | "redraw";
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
  AND d."ref" IS NOT NULL AND (d."lease_until" IS NULL OR ${leaseOver(D, real)})`;

/** One more for a redraw whose holder died; of a message that was never sent the sweep has counted it. */
export const deathsOf = (real: Date): Prisma.Sql => Prisma.sql`
  (d."deaths" + (d."state" <> 'sending' AND d."lease_id" IS NOT NULL AND d."begun_at" IS NULL AND ${leaseOver(D, real)})::int)`;

/** An ordinary push has its hours; what stands in the chat is drawn again at any hour. */
const inTime = (now: Date): Prisma.Sql =>
  Prisma.sql`(d."until" IS NULL OR d."until" >= ${now}::timestamptz OR d."state" NOT IN ('pending', 'sending'))`;

const due = ({ now }: Times, platform: PlatformName, work: "send" | "redraw", real: Date): Prisma.Sql => Prisma.sql`
  ${KNOWN} AND d."at" <= ${now}::timestamptz AND ${inTime(now)} AND NOT ${paused(Prisma.sql`${platform}`, Prisma.sql`${work}`, real)}`;

/**
 * Written so that the planner looks rows up one by one: with joins it takes whole tables for a few hundred rows, as long
 * as those are a good part of a small installation's. `ids` is a query for what to claim.
 */
const claimSql = (ids: Prisma.Sql, lease: Claim["lease"], real: Date): Prisma.Sql => Prisma.sql`
  WITH claimed AS (
    UPDATE "delivery" d SET "state" = CASE WHEN d."state" = 'pending' THEN 'sending' ELSE d."state" END,
      "lease_id" = ${lease.id}, "lease_until" = ${lease.until}::timestamptz, "begun_at" = NULL,
      "attempts" = d."attempts" + 1, "deaths" = ${deathsOf(real)}
    WHERE d."id" = ANY (ARRAY(${ids}))
    RETURNING d."id", d."lane", CASE WHEN d."state" = 'sending' THEN 'send' ELSE 'redraw' END AS "work", d."ref",
      d."wanted_rev", d."attempts", d."account_id", d."at")
  SELECT c."id", c."lane", c."work", c."ref", c."wanted_rev" AS "rev", c."attempts", owner.*
  FROM claimed c CROSS JOIN LATERAL (
    SELECT a."platform", a."address_cell" AS "address", p."uid", k."wrapped"
    FROM "account" a JOIN "person" p ON p."id" = a."person_id" LEFT JOIN "person_key" k ON k."person_id" = p."id"
    WHERE a."id" = c."account_id" LIMIT 1) owner
  ORDER BY c."at", c."id"`;

const fresh = ({ platform, stream, limit }: Claim, times: Times): Prisma.Sql => {
  const { real } = times;
  const redraw = stream === "redraw";
  return Prisma.sql`
    SELECT d."id" FROM "delivery" d
    WHERE ${redraw ? toRedraw(platform, real) : toSend(platform, stream)} AND d."deaths" = 0
      AND ${due(times, platform, redraw ? "redraw" : "send", real)}
    ORDER BY ${redraw ? Prisma.sql`d."id"` : Prisma.sql`d."at", d."id"`} LIMIT ${limit}
    FOR UPDATE OF d SKIP LOCKED`;
};

/** Those that have outlived one death go together, for most of them only stood beside the cause; the others alone. */
const suspects = (platform: PlatformName, times: Times): Prisma.Sql => {
  const { real } = times;
  return Prisma.sql`
    WITH suspect AS (
      SELECT d."id", ${deathsOf(real)} AS "deaths" FROM "delivery" d
      WHERE d."deaths" > 0 AND d."platform" = ${platform} AND ${deathsOf(real)} < ${MOST_DEATHS}
        AND (d."state" = 'pending' AND ${due(times, platform, "send", real)}
          OR ${toRedraw(platform, real)} AND ${due(times, platform, "redraw", real)})
      ORDER BY ${deathsOf(real)}, d."lane", d."at", d."id" LIMIT ${MOST_TOGETHER} FOR UPDATE OF d SKIP LOCKED)
    SELECT "id" FROM suspect WHERE "deaths" = 1
    UNION ALL (SELECT "id" FROM suspect WHERE NOT EXISTS (SELECT FROM suspect WHERE "deaths" = 1) LIMIT 1)`;
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

const claiming =
  (db: Db, keys: Keys) =>
  async (ids: Prisma.Sql, lease: Claim["lease"], { real }: Times) => {
    const rows = await db.$queryRaw<Row[]>(claimSql(ids, lease, real));
    const unreadable: bigint[] = [];
    const claimed: ClaimedDelivery[] = [];
    for (const row of rows) {
      const chat = addressOf(keys, row);
      if (chat === null) unreadable.push(row.id);
      else
        claimed.push({
          id: row.id as DeliveryId,
          lease: lease.id,
          work: row.work,
          lane: LANES[row.lane] ?? "bulk",
          address: { platform: row.platform as PlatformName, chat },
          ref: row.ref,
          rev: row.rev,
          attempts: row.attempts,
        });
    }
    if (unreadable.length > 0) await dropUnreadable(db, unreadable, lease.id);
    return claimed;
  };

export const deliveryClaims = (
  db: Db,
  keys: Keys,
): Pick<DeliveryStore, "claim" | "claimSuspects" | "begin" | "renew"> => ({
  claim: (what, times) => claiming(db, keys)(fresh(what, times), what.lease, times),
  claimSuspects: (platform, lease, times) => claiming(db, keys)(suspects(platform, times), lease, times),

  async begin(deliveries, { now, real }) {
    const begun = await db.$queryRaw<{ id: bigint }[]>`
      UPDATE "delivery" d SET "begun_at" = ${real}::timestamptz
      FROM unnest(${deliveries.map(({ id }) => id)}::bigint[], ${deliveries.map(({ lease }) => lease)}::text[],
                  ${deliveries.map(({ rev }) => rev)}::int[], ${deliveries.map(({ work }) => work)}::text[])
           AS c("id", "lease", "rev", "work")
      WHERE d."id" = c."id" AND d."lease_id" = c."lease" AND d."lease_until" > ${real}::timestamptz
        AND d."wanted_rev" = c."rev" AND d."at" <= ${now}::timestamptz AND ${inTime(now)}
        AND (d."state" = 'sending' OR c."work" = 'redraw' AND d."state" IN ('sent', 'delivered', 'seen'))
        AND NOT ${paused(Prisma.sql`d."platform"`, Prisma.sql`c."work"`, real)}
      RETURNING d."id"`;
    const may = new Set(begun.map(({ id }) => id));
    return deliveries.filter(({ id }) => may.has(id));
  },

  async renew(deliveries, until) {
    const rows = await db.$queryRaw<{ id: DeliveryId }[]>`
      UPDATE "delivery" d SET "lease_until" = ${until}::timestamptz
      FROM unnest(${deliveries.map(({ id }) => id)}::bigint[], ${deliveries.map(({ lease }) => lease)}::text[])
           AS c("id", "lease")
      WHERE d."id" = c."id" AND d."lease_id" = c."lease" AND d."state" IN ('sending', 'sent', 'delivered', 'seen')
      RETURNING d."id"`;
    return new Set(rows.map(({ id }) => id));
  },
});
