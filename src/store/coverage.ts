import type { Coverage, CoverageBranch, Discharge, Reach, UnitCount } from "../domain/coverage.ts";
import { WITH_RECEIPTS } from "../domain/platform.ts";
import type { CoverageStore } from "../ports/store/coverage-store.ts";
import type { Db } from "./client.ts";
import { coverageTree } from "./coverage-tree.ts";
import { type Noticed, UNIT_COUNTS, unitFacts } from "./coverage-units.ts";

interface Head extends Noticed {
  number: string;
  title: string;
  status: string;
  urgency: string;
  publishedAt: Date;
  dueAt: Date | null;
  dueProvisional: boolean;
  version: number;
  supersedes: string | null;
  supersededBy: string | null;
  endedAt: Date | null;
  reason: string | null;
}

interface PlatformRow extends Omit<Reach, "delivered"> {
  platform: string | null;
  receipts: number;
}

const head = async (db: Db, number: string): Promise<Head | undefined> => {
  const [found] = await db.$queryRaw<Head[]>`
    SELECT n."id", n."number", t."title", n."state" AS "status", n."urgency", n."ack", n."closing",
           n."published_at" AS "publishedAt", n."due_at" AS "dueAt", n."due_provisional" AS "dueProvisional",
           n."version", before."number" AS "supersedes", after."number" AS "supersededBy", n."ended_at" AS "endedAt",
           n."recall_reason" AS "reason"
    FROM "notice" n LEFT JOIN "notice" before ON before."id" = n."supersedes_id"
    LEFT JOIN "notice" after ON after."supersedes_id" = n."id"
    JOIN "notice_text" t ON t."notice_id" = n."id" AND t."locale" = n."locale"
    WHERE n."number" = ${number}`;
  return found;
};

/** How far people were reached, by platform; null for those who are reached by none. */
const reached = (db: Db, notice: bigint): Promise<readonly PlatformRow[]> =>
  db.$queryRaw<PlatformRow[]>`
    SELECT "platform", sum("recipients")::int AS "recipients", sum("queued")::int AS "queued", sum("sent")::int AS "sent",
           sum("in_doubt")::int AS "inDoubt", sum("failed")::int AS "failed", sum("unreachable")::int AS "unreachable",
           sum("stopped")::int AS "stopped", sum("delivered")::int AS "receipts"
    FROM "coverage_fact" WHERE "notice_id" = ${notice} AND "recipients" + "stopped" = 1 GROUP BY "platform" ORDER BY "platform"`;

const lastMile = async (db: Db, notice: bigint): Promise<readonly [number | null, number | null]> => {
  const [row] = await db.$queryRaw<[{ seconds: [number, number] | null }]>`
    SELECT percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY "seconds") AS "seconds"
    FROM "coverage_fact" WHERE "notice_id" = ${notice} AND "recipients" = 1 AND "seconds" IS NOT NULL`;
  return row.seconds ?? [null, null];
};

/**
 * What was done and what is open. A unit has done its part when nothing it owes is open; it is excluded when all it owed is
 * excused. One that still owed something when its notice ended has not done its part and owes nothing: it stands apart.
 */
const discharged = async (db: Db, notice: Noticed, now: Date): Promise<Discharge & { readonly units: UnitCount }> => {
  const [{ acknowledged, late, byProxy, owedLate, ...units }] = await db.$queryRaw<
    [Omit<Discharge, "overdue"> & UnitCount & { readonly owedLate: number }]
  >`
    SELECT coalesce(sum("fulfilled"), 0)::int AS "acknowledged", coalesce(sum("late"), 0)::int AS "late",
           coalesce(sum("by_proxy"), 0)::int AS "byProxy", coalesce(sum("overdue"), 0)::int AS "owedLate",
           ${UNIT_COUNTS}
    FROM (${unitFacts(notice, now)}) unit`;
  return { acknowledged, late, byProxy, overdue: owedLate, units };
};

const REACH = ["recipients", "queued", "sent", "inDoubt", "failed", "unreachable", "stopped", "receipts"] as const;

const totals = (rows: readonly PlatformRow[]) => {
  const sum = { recipients: 0, queued: 0, sent: 0, inDoubt: 0, failed: 0, unreachable: 0, stopped: 0, receipts: 0 };
  for (const row of rows) for (const name of REACH) sum[name] += row[name];
  return sum;
};

/** A restore's own figure, which no other page or export sums up. */
const heldOf = (db: Db, notice: bigint): Promise<number> =>
  db.delivery.count({ where: { noticeId: notice, kind: "notice", state: "in-doubt", heldAt: { not: null } } });

const byPlatform = (rows: readonly PlatformRow[]): Coverage["byPlatform"] =>
  Object.fromEntries(
    rows.flatMap(({ platform, recipients, sent, failed, receipts }) =>
      platform === null
        ? []
        : [[platform, { recipients, sent, failed, delivered: WITH_RECEIPTS.has(platform) ? receipts : null }]],
    ),
  );

const rounded = (seconds: number | null): number | null => seconds && Math.round(seconds * 10) / 10;

export const coverageStore = (db: Db): CoverageStore => ({
  async coverage(number, now) {
    const notice = await head(db, number);
    if (!notice) return null;
    const { id, closing: _, ...facts } = notice;
    const rows = await reached(db, id);
    const { receipts, ...reach } = totals(rows);
    const platforms = byPlatform(rows);
    const anyReceipts = Object.keys(platforms).some((platform) => WITH_RECEIPTS.has(platform));
    const [p50, p95] = await lastMile(db, id);
    return {
      ...facts,
      ...reach,
      ...(await discharged(db, notice, now)),
      held: await heldOf(db, id),
      delivered: anyReceipts ? receipts : null,
      byPlatform: platforms,
      lastMile: { p50Seconds: rounded(p50), p95Seconds: rounded(p95) },
    };
  },

  async tree(number, code, now): Promise<readonly CoverageBranch[] | null> {
    const notice = await head(db, number);
    return notice ? coverageTree(db, notice, code, now) : null;
  },

  async numbers(limit) {
    const found = await db.notice.findMany({ orderBy: { id: "desc" }, take: limit, select: { number: true } });
    return found.map(({ number }) => number);
  },
});
