import type { CoverageBranch } from "../domain/coverage.ts";
import type { Db } from "./client.ts";
import { Prisma } from "./generated/client.ts";

interface Bounds {
  id: bigint;
  lft: number;
  rgt: number;
  depth: number;
}

const top = async (db: Db, notice: bigint, code: string | null): Promise<Bounds | undefined> => {
  if (code !== null) {
    const unit = await db.unit.findUnique({ where: { code }, select: { id: true, lft: true, rgt: true, depth: true } });
    return unit ?? undefined;
  }
  const [lowest] = await db.$queryRaw<Bounds[]>`
    SELECT u."id", u."lft", u."rgt", u."depth" FROM "unit" u,
      (SELECT min(c."lft") AS "lft", max(c."rgt") AS "rgt" FROM "coverage_fact" f JOIN "unit" c ON c."id" = f."unit_id"
       WHERE f."notice_id" = ${notice}) span
    WHERE u."lft" <= span."lft" AND u."rgt" >= span."rgt" ORDER BY u."depth" DESC LIMIT 1`;
  return lowest;
};

/**
 * What each unit that a notice concerns owes and has done, and beside it the child of the top unit under which it stands,
 * counted from 1 in the order of the tree; 0 for the top unit itself. The children's left bounds say which, without holding
 * every unit against every child.
 */
const unitSums = (notice: bigint, at: Bounds, now: Date): Prisma.Sql => Prisma.sql`
  child AS MATERIALIZED (
    SELECT c."id", c."lft", row_number() OVER (ORDER BY c."lft") AS "place" FROM "unit" c WHERE c."parent_id" = ${at.id}),
  edge AS MATERIALIZED (
    SELECT coalesce(array_agg("lft" ORDER BY "lft"), '{}') AS "lfts" FROM child),
  unit_sum AS (
    SELECT u."lft", width_bucket(u."lft", (SELECT "lfts" FROM edge)) AS "place", f.*
    FROM (SELECT "unit_id", sum("owed") AS "owed", sum("fulfilled") AS "fulfilled", sum("excused") AS "excused",
                 sum("cancelled") AS "cancelled",
                 sum("by_proxy") AS "by_proxy", sum("unreachable") AS "unreachable",
                 coalesce(bool_or("due_at" < ${now}::timestamptz AND "owed" > "fulfilled"), FALSE) AS "is_late"
          FROM "coverage_fact" WHERE "notice_id" = ${notice} GROUP BY "unit_id") f
    JOIN "unit" u ON u."id" = f."unit_id"
    WHERE u."lft" BETWEEN ${at.lft} AND ${at.rgt})`;

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
    WITH ${unitSums(notice, at, now)},
    branch AS (
      SELECT s."place", max(s."lft") AS "last",
             (count(*) FILTER (WHERE s."owed" > 0 AND s."cancelled" = 0))::int AS "total",
             (count(*) FILTER (WHERE s."owed" > 0 AND s."owed" = s."fulfilled" AND s."cancelled" = 0))::int AS "fulfilled",
             (count(*) FILTER (WHERE s."owed" > 0 AND s."owed" = s."fulfilled" AND s."cancelled" = 0
                                AND s."by_proxy" > 0))::int AS "byProxy",
             (count(*) FILTER (WHERE s."owed" > s."fulfilled" AND NOT s."is_late"))::int AS "open",
             (count(*) FILTER (WHERE s."owed" > s."fulfilled" AND s."is_late"))::int AS "overdue",
             (count(*) FILTER (WHERE s."owed" = 0 AND s."cancelled" = 0 AND s."excused" > 0))::int AS "excluded",
             (count(*) FILTER (WHERE s."cancelled" > 0))::int AS "cancelled",
             sum(s."unreachable")::int AS "unreachable"
      FROM unit_sum s GROUP BY GROUPING SETS ((s."place"), ()) HAVING count(*) > 0)
    SELECT u."code", u."name", u."depth" - ${at.depth}::int AS "depth", b."total", b."fulfilled", b."byProxy", b."open",
           b."overdue", b."excluded", b."cancelled", b."unreachable", b."last" > u."lft" AS "hasBelow"
    FROM branch b LEFT JOIN child c ON c."place" = b."place"
    JOIN "unit" u ON u."id" = CASE WHEN b."place" IS NULL THEN ${at.id} ELSE c."id" END
    ORDER BY u."depth", b."open" + b."overdue" DESC, u."code"`;
};
