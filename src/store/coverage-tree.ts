import type { CoverageBranch } from "../domain/coverage.ts";
import type { Db } from "./client.ts";

interface Bounds {
  lft: number;
  rgt: number;
  depth: number;
}

const top = async (db: Db, notice: bigint, code: string | null): Promise<Bounds | undefined> => {
  if (code !== null) {
    const unit = await db.unit.findUnique({ where: { code }, select: { lft: true, rgt: true, depth: true } });
    return unit ?? undefined;
  }
  const [lowest] = await db.$queryRaw<Bounds[]>`
    SELECT u."lft", u."rgt", u."depth" FROM "unit" u,
      (SELECT min(c."lft") AS "lft", max(c."rgt") AS "rgt" FROM "coverage_fact" f JOIN "unit" c ON c."id" = f."unit_id"
       WHERE f."notice_id" = ${notice}) span
    WHERE u."lft" <= span."lft" AND u."rgt" >= span."rgt" ORDER BY u."depth" DESC LIMIT 1`;
  return lowest;
};

/** A unit and its children, each with the sums of itself and all below, worst first after the unit itself. */
export const coverageTree = async (
  db: Db,
  notice: bigint,
  code: string | null,
  now: Date,
): Promise<readonly CoverageBranch[] | null> => {
  const at = await top(db, notice, code);
  if (!at) return code === null ? [] : null;
  return db.$queryRaw<CoverageBranch[]>`
    WITH unit_sum AS (
      SELECT u."lft", sum(f."owed")::int AS "owed", sum(f."fulfilled")::int AS "fulfilled", sum(f."excused")::int AS "excused", sum(f."cancelled")::int AS "cancelled",
             sum(f."by_proxy")::int AS "by_proxy", sum(f."unreachable")::int AS "unreachable",
             coalesce(bool_or(f."due_at" < ${now}::timestamptz AND f."owed" > f."fulfilled"), FALSE) AS "is_late"
      FROM "coverage_fact" f JOIN "unit" u ON u."id" = f."unit_id"
      WHERE f."notice_id" = ${notice} AND u."lft" BETWEEN ${at.lft} AND ${at.rgt} GROUP BY u."lft")
    SELECT b."code", b."name", b."depth" - ${at.depth}::int AS "depth",
           count(*) FILTER (WHERE s."owed" > 0 AND s."cancelled" = 0)::int AS "total",
           count(*) FILTER (WHERE s."owed" > 0 AND s."owed" = s."fulfilled" AND s."cancelled" = 0)::int AS "fulfilled",
           count(*) FILTER (WHERE s."owed" > 0 AND s."owed" = s."fulfilled" AND s."cancelled" = 0
                              AND s."by_proxy" > 0)::int AS "byProxy",
           count(*) FILTER (WHERE s."owed" > s."fulfilled" AND NOT s."is_late")::int AS "open",
           count(*) FILTER (WHERE s."owed" > s."fulfilled" AND s."is_late")::int AS "overdue",
           count(*) FILTER (WHERE s."owed" = 0 AND s."cancelled" = 0 AND s."excused" > 0)::int AS "excluded",
           count(*) FILTER (WHERE s."cancelled" > 0)::int AS "cancelled",
           sum(s."unreachable")::int AS "unreachable",
           bool_or(s."lft" > b."lft") AS "hasBelow"
    FROM "unit" b JOIN unit_sum s ON s."lft" BETWEEN b."lft" AND b."rgt"
    WHERE b."lft" BETWEEN ${at.lft} AND ${at.rgt} AND b."depth" <= ${at.depth}::int + 1
    GROUP BY b."id"
    ORDER BY b."depth", count(*) FILTER (WHERE s."owed" > s."fulfilled") DESC, b."code"`;
};
