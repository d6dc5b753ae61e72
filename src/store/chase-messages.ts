import { LANES } from "../domain/delivery.ts";
import { ANSWERING_POSTS } from "../domain/post.ts";
import type { Look } from "../ports/store/chase-store.ts";
import { Prisma } from "./generated/client.ts";
import { innermost } from "./innermost.ts";
import { HOURS_COLUMNS, pushedOn } from "./push-sql.ts";

type Tx = Prisma.TransactionClient;

/** Messages that people who have one of the kind before them see change, instead of getting another. */
export interface Kind {
  readonly kind: "reminder" | "deputy" | "above" | "task";
  readonly again: "nothing" | "redraw";
}

const AGAIN = {
  nothing: Prisma.sql`DO NOTHING`,
  redraw: Prisma.sql`("notice_id", "person_id", "kind", "slot") DO UPDATE SET "wanted_rev" = d."wanted_rev" + 1`,
} as const;

/** The way to a person: the first account of the preferred platforms that still works. To be joined laterally. */
export const wayTo = (person: Prisma.Sql, platforms: readonly string[]): Prisma.Sql => Prisma.sql`(
  SELECT a."id" AS "account_id", a."platform" FROM "account" a
  WHERE a."person_id" = ${person} AND a."gone" IS NULL AND a."platform" = ANY (${[...platforms]})
  ORDER BY array_position(${[...platforms]}, a."platform"), a."id" LIMIT 1)`;

export const isAway = (person: Prisma.Sql, now: Date): Prisma.Sql => Prisma.sql`EXISTS (
  SELECT FROM "leave" v WHERE v."person_id" = ${person} AND v."from_at" <= ${now}::timestamptz AND v."until_at" > ${now}::timestamptz)`;

/** Who answers for a unit and can be reached there. To be joined laterally. */
export const answersAt = (unit: Prisma.Sql, { platforms, now }: Look): Prisma.Sql => Prisma.sql`(
  SELECT p."person_id", way."account_id", way."platform" FROM "post" p
  CROSS JOIN LATERAL ${wayTo(Prisma.sql`p."person_id"`, platforms)} way
  WHERE p."unit_id" = ${unit} AND p."post" = ANY (${[...ANSWERING_POSTS]})
  ORDER BY ${isAway(Prisma.sql`p."person_id"`, now)}, array_position(${[...ANSWERING_POSTS]}, p."post"), p."deputy", p."person_id"
  LIMIT 1)`;

/**
 * Writes a message for each row of a query: "notice_id", "person_id", "slot", "unit_id", "lft" (where its person's hours are
 * looked up), "account_id", "platform", "reason" (why it may come at any hour, or null), "phrase". Ordinary ones keep to people's hours, two a
 * day, or else wait for the digest. Returns how many were written.
 */
export const writeMessages = (
  tx: Tx,
  { kind, again }: Kind,
  { now, hours }: Look,
  rows: Prisma.Sql,
): Promise<number> => {
  const days = hours.map((each) => each.hours.day);
  return tx.$executeRaw`
  WITH pushes AS MATERIALIZED ${pushedOn(days)}
  INSERT INTO "delivery" AS d ("notice_id", "person_id", "kind", "slot", "unit_id", "account_id", "platform", "lane", "state", "at",
                          "until", "push_day", "bypass", "phrase")
  SELECT m."notice_id", m."person_id", ${kind}, m."slot", m."unit_id", m."account_id", m."platform",
         CASE WHEN m."reason" IS NULL THEN ${LANES.indexOf("bulk")}::smallint ELSE ${LANES.indexOf("urgent")}::smallint END,
         CASE WHEN m."reason" IS NULL AND NOT f."fits" THEN 'folded' ELSE 'pending' END,
         CASE WHEN m."reason" IS NULL AND f."fits" THEN greatest(h."opens", ${now}::timestamptz) ELSE ${now}::timestamptz END,
         CASE WHEN m."reason" IS NULL AND f."fits" THEN h."closes" END,
         CASE WHEN m."reason" IS NULL AND f."fits" THEN h."day" END,
         CASE WHEN NOT f."fits" OR h."opens" > ${now}::timestamptz THEN m."reason" END, m."phrase"
  FROM (SELECT r.*, row_number() OVER (PARTITION BY r."person_id" ORDER BY r."slot") AS "nth" FROM (${rows}) r) m
  CROSS JOIN LATERAL ${innermost(Prisma.sql`m."lft"`, hours, HOURS_COLUMNS)} h
  LEFT JOIN pushes c ON c."person_id" = m."person_id" AND c."push_day" = h."day"
  CROSS JOIN LATERAL (
    SELECT h."opens" IS NOT NULL AND (h."most" IS NULL OR coalesce(c."pushes", 0) + m."nth" <= h."most") AS "fits") f
  ORDER BY m."person_id", m."slot"
  ON CONFLICT ${AGAIN[again]}`;
};
