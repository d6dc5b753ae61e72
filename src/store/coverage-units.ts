import { Prisma } from "./generated/client.ts";

/** Which notice, and what decides how its facts are read. */
export interface Noticed {
  readonly id: bigint;
  readonly ack: string;
  readonly closing: string;
}

/**
 * A row for each unit that a notice concerns: what it owes, what it has done, and whether it is late. Where each person owes
 * for themself, a unit's rows are added up; otherwise it has one, and adding up a million groups of one is spared. Where
 * nothing is asked there is a row for each person, and nothing in it.
 */
export const unitFacts = ({ id, ack, closing }: Noticed, now: Date): Prisma.Sql => {
  const late = Prisma.sql`coalesce("due_at" < ${now}::timestamptz AND "owed" > "fulfilled", FALSE)`;
  if (ack === "none")
    return Prisma.sql`
      SELECT "unit_id", "owed", "fulfilled", "excused", "cancelled", "late", "by_proxy", 0 AS "overdue", FALSE AS "is_late"
      FROM "coverage_fact" WHERE "notice_id" = ${id} AND "recipients" + "stopped" = 1`;
  // Every obligation is one of the three and no message is any, which PostgreSQL sees without reading the messages.
  const owing = Prisma.sql`FROM "coverage_fact" WHERE "notice_id" = ${id} AND "owed" + "excused" + "cancelled" = 1`;
  if (closing !== "everyone")
    return Prisma.sql`
      SELECT "unit_id", "owed", "fulfilled", "excused", "cancelled", "late", "by_proxy", ${late}::int AS "overdue",
             ${late} AS "is_late" ${owing}`;
  return Prisma.sql`
    SELECT "unit_id", sum("owed") AS "owed", sum("fulfilled") AS "fulfilled", sum("excused") AS "excused",
           sum("cancelled") AS "cancelled", sum("late") AS "late", sum("by_proxy") AS "by_proxy",
           sum(${late}::int) AS "overdue", bool_or(${late}) AS "is_late" ${owing} GROUP BY "unit_id"`;
};

/** How many of such units stand how, as columns. */
export const UNIT_COUNTS = Prisma.sql`
  (count(*) FILTER (WHERE "owed" > 0 AND "cancelled" = 0))::int AS "total",
  (count(*) FILTER (WHERE "owed" > 0 AND "owed" = "fulfilled" AND "cancelled" = 0))::int AS "fulfilled",
  (count(*) FILTER (WHERE "owed" > "fulfilled" AND NOT "is_late"))::int AS "open",
  (count(*) FILTER (WHERE "owed" > "fulfilled" AND "is_late"))::int AS "overdue",
  (count(*) FILTER (WHERE "owed" = 0 AND "cancelled" = 0 AND "excused" > 0))::int AS "excluded",
  (count(*) FILTER (WHERE "cancelled" > 0))::int AS "cancelled"`;
