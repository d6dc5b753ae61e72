import type { Coverage, CoverageBranch, Discharge, Reach, UnitCount } from "../domain/coverage.ts";
import { WITH_RECEIPTS } from "../domain/platform.ts";
import type { CoverageStore } from "../ports/store/coverage-store.ts";
import type { Db } from "./client.ts";
import { coverageTree } from "./coverage-tree.ts";

interface Head {
  id: bigint;
  number: string;
  title: string;
  status: string;
  urgency: string;
  ack: string;
  publishedAt: Date;
  dueAt: Date | null;
  version: number;
  supersedes: string | null;
  supersededBy: string | null;
  endedAt: Date | null;
  reason: string | null;
}

type Sums = Omit<Reach, "delivered"> & Discharge & { receipts: number; p50: number | null; p95: number | null };

const head = async (db: Db, number: string): Promise<Head | undefined> => {
  const [found] = await db.$queryRaw<Head[]>`
    SELECT n."id", n."number", t."title", n."state" AS "status", n."urgency", n."ack",
           n."published_at" AS "publishedAt", n."due_at" AS "dueAt",
           n."version", before."number" AS "supersedes", after."number" AS "supersededBy", n."ended_at" AS "endedAt",
           n."recall_reason" AS "reason"
    FROM "notice" n LEFT JOIN "notice" before ON before."id" = n."supersedes_id"
    LEFT JOIN "notice" after ON after."supersedes_id" = n."id"
    JOIN "notice_text" t ON t."notice_id" = n."id" AND t."locale" = n."locale"
    WHERE n."number" = ${number}`;
  return found;
};

const sums = async (db: Db, notice: bigint, now: Date): Promise<Sums> => {
  const [row] = await db.$queryRaw<[Sums]>`
    SELECT coalesce(sum("recipients"), 0)::int AS "recipients", coalesce(sum("queued"), 0)::int AS "queued",
           coalesce(sum("sent"), 0)::int AS "sent", coalesce(sum("in_doubt"), 0)::int AS "inDoubt",
           coalesce(sum("failed"), 0)::int AS "failed", coalesce(sum("unreachable"), 0)::int AS "unreachable",
           coalesce(sum("stopped"), 0)::int AS "stopped", coalesce(sum("delivered"), 0)::int AS "receipts",
           coalesce(sum("fulfilled"), 0)::int AS "acknowledged", coalesce(sum("late"), 0)::int AS "late",
           coalesce(sum("by_proxy"), 0)::int AS "byProxy",
           coalesce(sum("owed" - "fulfilled") FILTER (WHERE "due_at" < ${now}::timestamptz), 0)::int AS "overdue",
           percentile_cont(0.5) WITHIN GROUP (ORDER BY "seconds") AS "p50",
           percentile_cont(0.95) WITHIN GROUP (ORDER BY "seconds") AS "p95"
    FROM "coverage_fact" WHERE "notice_id" = ${notice}`;
  return row;
};

/**
 * A unit has done its part when nothing it owes is open; it is excluded when all it owed is excused. One that still owed
 * something when its notice ended has not done its part and owes nothing: it stands apart.
 */
const unitCount = async (db: Db, notice: bigint, now: Date): Promise<UnitCount> => {
  const [row] = await db.$queryRaw<[UnitCount]>`
    SELECT count(*) FILTER (WHERE "owed" > 0 AND "cancelled" = 0)::int AS "total",
           count(*) FILTER (WHERE "owed" > 0 AND "owed" = "fulfilled" AND "cancelled" = 0)::int AS "fulfilled",
           count(*) FILTER (WHERE "owed" > "fulfilled" AND NOT "is_late")::int AS "open",
           count(*) FILTER (WHERE "owed" > "fulfilled" AND "is_late")::int AS "overdue",
           count(*) FILTER (WHERE "owed" = 0 AND "cancelled" = 0 AND "excused" > 0)::int AS "excluded",
           count(*) FILTER (WHERE "cancelled" > 0)::int AS "cancelled"
    FROM (SELECT sum("owed") AS "owed", sum("fulfilled") AS "fulfilled", sum("excused") AS "excused", sum("cancelled") AS "cancelled",
                 coalesce(bool_or("due_at" < ${now}::timestamptz AND "owed" > "fulfilled"), FALSE) AS "is_late"
          FROM "coverage_fact" WHERE "notice_id" = ${notice} GROUP BY "unit_id") unit`;
  return row;
};

const byPlatform = async (db: Db, notice: bigint): Promise<Coverage["byPlatform"]> => {
  const rows = await db.$queryRaw<
    { platform: string; recipients: number; sent: number; failed: number; receipts: number }[]
  >`
    SELECT "platform", sum("recipients")::int AS "recipients", sum("sent")::int AS "sent",
           sum("failed")::int AS "failed", sum("delivered")::int AS "receipts"
    FROM "coverage_fact" WHERE "notice_id" = ${notice} AND "platform" IS NOT NULL GROUP BY "platform" ORDER BY "platform"`;
  return Object.fromEntries(
    rows.map(({ platform, receipts, ...reach }) => [
      platform,
      { ...reach, delivered: WITH_RECEIPTS.has(platform) ? receipts : null },
    ]),
  );
};

/** A restore's own figure, which no other page or export sums up. */
const heldOf = (db: Db, notice: bigint): Promise<number> =>
  db.delivery.count({ where: { noticeId: notice, kind: "notice", state: "in-doubt", heldAt: { not: null } } });

const rounded = (seconds: number | null): number | null => seconds && Math.round(seconds * 10) / 10;

export const coverageStore = (db: Db): CoverageStore => ({
  async coverage(number, now) {
    const notice = await head(db, number);
    if (!notice) return null;
    const { id, ...facts } = notice;
    const { receipts, p50, p95, ...totals } = await sums(db, id, now);
    const platforms = await byPlatform(db, id);
    const anyReceipts = Object.keys(platforms).some((platform) => WITH_RECEIPTS.has(platform));
    return {
      ...facts,
      ...totals,
      held: await heldOf(db, id),
      delivered: anyReceipts ? receipts : null,
      units: await unitCount(db, id, now),
      byPlatform: platforms,
      lastMile: { p50Seconds: rounded(p50), p95Seconds: rounded(p95) },
    };
  },

  async tree(number, code, now): Promise<readonly CoverageBranch[] | null> {
    const notice = await head(db, number);
    return notice ? coverageTree(db, notice.id, code, now) : null;
  },

  async numbers(limit) {
    const found = await db.notice.findMany({ orderBy: { id: "desc" }, take: limit, select: { number: true } });
    return found.map(({ number }) => number);
  },
});
