import type { CoverageBranch } from "../domain/coverage.ts";
import type { Db } from "./client.ts";
import { type Noticed, UNIT_COUNTS, unitFacts } from "./coverage-units.ts";
import { Prisma } from "./generated/client.ts";

interface Bounds {
  id: bigint;
  lft: number;
  rgt: number;
  depth: number;
}

/** The unit that was asked for; or the lowest one that has everything under it. */
const top = async (db: Db, notice: Noticed, code: string | null, now: Date): Promise<Bounds | undefined> => {
  if (code !== null) {
    const unit = await db.unit.findUnique({ where: { code }, select: { id: true, lft: true, rgt: true, depth: true } });
    return unit ?? undefined;
  }
  const [lowest] = await db.$queryRaw<Bounds[]>`
    SELECT u."id", u."lft", u."rgt", u."depth" FROM "unit" u,
      (SELECT min(c."lft") AS "first", max(c."lft") AS "last"
       FROM (${unitFacts(notice, now)}) f JOIN "unit" c ON c."id" = f."unit_id") span
    WHERE u."lft" <= span."first" AND u."rgt" >= span."last" ORDER BY u."depth" DESC LIMIT 1`;
  return lowest;
};

/** The children of the top unit, each with its number in the order of the tree, and the left bounds of them all. */
const children = (at: Bounds): Prisma.Sql => Prisma.sql`
  child AS MATERIALIZED (
    SELECT c."id", c."lft", row_number() OVER (ORDER BY c."lft") AS "place" FROM "unit" c WHERE c."parent_id" = ${at.id}),
  edge AS MATERIALIZED (
    SELECT coalesce(array_agg("lft" ORDER BY "lft"), '{}') AS "lfts" FROM child)`;

/**
 * The number of the child under which a unit `u` stands, 0 for the top unit itself. The left bounds say which, without
 * holding every unit against every child.
 */
const PLACE = Prisma.sql`width_bucket(u."lft", (SELECT "lfts" FROM edge))`;

/** A unit and its children, each with the sums of itself and all below, worst first after the unit itself. */
export const coverageTree = async (
  db: Db,
  notice: Noticed,
  code: string | null,
  now: Date,
): Promise<readonly CoverageBranch[] | null> => {
  const at = await top(db, notice, code, now);
  if (!at) return code === null ? [] : null;
  return db.$queryRaw<CoverageBranch[]>`
    WITH ${children(at)},
    fact AS (
      SELECT u."lft", ${PLACE} AS "place", f.*
      FROM (${unitFacts(notice, now)}) f JOIN "unit" u ON u."id" = f."unit_id"
      WHERE u."lft" BETWEEN ${at.lft} AND ${at.rgt}),
    gone AS (
      SELECT ${PLACE} AS "place", count(*)::int AS "people"
      FROM "coverage_fact" f JOIN "unit" u ON u."id" = f."unit_id"
      WHERE f."notice_id" = ${notice.id} AND f."recipients" = 1 AND f."unreachable" = 1
        AND u."lft" BETWEEN ${at.lft} AND ${at.rgt}
      GROUP BY GROUPING SETS ((1), ())),
    branch AS (
      SELECT "place", max("lft") AS "last", ${UNIT_COUNTS},
             (count(*) FILTER (WHERE "owed" > 0 AND "owed" = "fulfilled" AND "cancelled" = 0
                                AND "by_proxy" > 0))::int AS "byProxy"
      FROM fact GROUP BY GROUPING SETS (("place"), ()) HAVING count(*) > 0)
    SELECT u."code", u."name", u."depth" - ${at.depth}::int AS "depth", b."total", b."fulfilled", b."byProxy", b."open",
           b."overdue", b."excluded", b."cancelled", coalesce(g."people", 0) AS "unreachable",
           b."last" > u."lft" AS "hasBelow"
    FROM branch b LEFT JOIN child c ON c."place" = b."place"
    LEFT JOIN gone g ON g."place" IS NOT DISTINCT FROM b."place"
    JOIN "unit" u ON u."id" = CASE WHEN b."place" IS NULL THEN ${at.id} ELSE c."id" END
    ORDER BY u."depth", b."open" + b."overdue" DESC, u."code"`;
};
