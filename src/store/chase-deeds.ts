import { DEEDS, type Deed } from "../domain/ladder.ts";
import type { Look } from "../ports/store/chase-store.ts";
import { answersAt, isAway, wayTo, writeMessages } from "./chase-messages.ts";
import { Prisma } from "./generated/client.ts";

type Tx = Prisma.TransactionClient;

const has = (deed: Deed): Prisma.Sql => Prisma.sql`${deed} = ANY (l."deeds")`;

const answered = (person: Prisma.Sql): Prisma.Sql => Prisma.sql`EXISTS (
  SELECT FROM "answer" a WHERE a."obligation_id" = l."id" AND a."person_id" = ${person} AND a."taken_back_at" IS NULL)`;

/** Whoever was sent the notice and has not answered; who is away has somebody who stands in. */
const remind = (tx: Tx, look: Look): Promise<number> =>
  writeMessages(
    tx,
    { kind: "reminder", again: "nothing" },
    look,
    Prisma.sql`
    SELECT DISTINCT ON (l."notice_id", k."person_id") l."notice_id", k."person_id", l."step"::text AS "slot", l."unit_id", l."lft",
           d."account_id", d."platform", l."reason", NULL::jsonb AS "phrase"
    FROM "late" l JOIN "asked" k ON k."obligation_id" = l."id"
    JOIN "delivery" d ON d."notice_id" = l."notice_id" AND d."person_id" = k."person_id" AND d."kind" = 'notice' AND d."slot" = ''
    WHERE ${has("remind")} AND d."state" IN ('sent', 'delivered', 'seen', 'in-doubt')
      AND NOT ${answered(Prisma.sql`k."person_id"`)}
      AND (l."reason" IS NOT NULL OR NOT ${isAway(Prisma.sql`k."person_id"`, look.now)})
    ORDER BY l."notice_id", k."person_id", l."lft"`,
  );

/** Whoever stands in for the office that was asked. What somebody owes for themself nobody can take over. */
const callDeputy = (tx: Tx, look: Look): Promise<number> =>
  writeMessages(
    tx,
    { kind: "deputy", again: "nothing" },
    look,
    Prisma.sql`
    SELECT DISTINCT ON (l."notice_id", p."person_id") l."notice_id", p."person_id", l."step"::text AS "slot", l."unit_id", l."lft",
           way."account_id", way."platform", l."reason", NULL::jsonb AS "phrase"
    FROM "late" l JOIN "asked" k ON k."obligation_id" = l."id"
    JOIN "post" p ON p."unit_id" = l."unit_id" AND p."post" = k."post" AND p."deputy" AND p."person_id" <> k."person_id"
    CROSS JOIN LATERAL ${wayTo(Prisma.sql`p."person_id"`, look.platforms)} way
    WHERE ${has("deputy")} AND l."person_id" IS NULL AND NOT ${answered(Prisma.sql`p."person_id"`)}
      AND NOT EXISTS (SELECT FROM "asked" x WHERE x."obligation_id" = l."id" AND x."person_id" = p."person_id")
    ORDER BY l."notice_id", p."person_id", l."lft"`,
  );

/**
 * From the units that are to hear of something up to the nearest ones where somebody can be reached: "asked_id" and
 * "unit_id". The root is the last.
 */
const climb = (targets: Prisma.Sql, look: Look): Prisma.Sql => Prisma.sql`
  WITH RECURSIVE target AS MATERIALIZED (${targets}),
  climb AS (
    SELECT t."unit_id" AS "asked_id", t."unit_id", EXISTS (SELECT FROM ${answersAt(Prisma.sql`t."unit_id"`, look)} x) AS "found"
    FROM (SELECT DISTINCT "unit_id" FROM target) t
    UNION ALL
    SELECT c."asked_id", u."parent_id", EXISTS (SELECT FROM ${answersAt(Prisma.sql`u."parent_id"`, look)} x)
    FROM climb c JOIN "unit" u ON u."id" = c."unit_id" WHERE NOT c."found" AND u."parent_id" IS NOT NULL)
  SELECT t."planned_at", t."reason", c."unit_id", u."lft", r."person_id", r."account_id", r."platform"
  FROM target t JOIN climb c ON c."asked_id" = t."unit_id" AND c."found" JOIN "unit" u ON u."id" = c."unit_id"
  CROSS JOIN LATERAL ${answersAt(Prisma.sql`c."unit_id"`, look)} r`;

/** One message a unit and moment, however many are overdue below it. */
export const toUnits = (
  tx: Tx,
  kind: "above" | "task",
  level: 1 | 2,
  targets: Prisma.Sql,
  look: Look,
): Promise<number> =>
  writeMessages(
    tx,
    { kind, again: "redraw" },
    look,
    Prisma.sql`
    SELECT DISTINCT ON (c."person_id", c."unit_id", c."planned_at") NULL::bigint AS "notice_id", c."person_id",
           ${`${level} `} || c."unit_id" || ' ' || extract(epoch FROM c."planned_at")::bigint AS "slot", c."unit_id", c."lft",
           c."account_id", c."platform", c."reason", ${JSON.stringify({ level })}::jsonb AS "phrase"
    FROM (${climb(targets, look)}) c
    ORDER BY c."person_id", c."unit_id", c."planned_at", c."reason" NULLS LAST`,
  );

const tellAbove = (tx: Tx, look: Look, level: 1 | 2): Promise<number> => {
  const unit = level === 1 ? Prisma.sql`l."parent_id"` : Prisma.sql`l."grand_id"`;
  return toUnits(
    tx,
    "above",
    level,
    Prisma.sql`SELECT DISTINCT ${unit} AS "unit_id", l."planned_at", l."reason" FROM "late" l
      WHERE ${has(level === 1 ? "above" : "above-2")} AND ${unit} IS NOT NULL`,
    look,
  );
};

/** The people of the unit above have to do something themselves; the root does it itself. */
const openTasks = async (tx: Tx, look: Look, kind: "phone" | "visit"): Promise<number> => {
  const unit = Prisma.sql`coalesce(l."parent_id", l."unit_id")`;
  await tx.$executeRaw`
    INSERT INTO "task" ("obligation_id", "generation", "kind", "unit_id", "opened_at")
    SELECT l."id", l."generation", ${kind}, ${unit}, ${look.now}::timestamptz FROM "late" l WHERE ${has(kind)}
    ON CONFLICT DO NOTHING`;
  return toUnits(
    tx,
    "task",
    1,
    Prisma.sql`SELECT DISTINCT ${unit} AS "unit_id", l."planned_at", l."reason" FROM "late" l WHERE ${has(kind)}`,
    look,
  );
};

const DO: Readonly<Record<Deed, (tx: Tx, look: Look) => Promise<number>>> = {
  remind,
  deputy: callDeputy,
  above: (tx, look) => tellAbove(tx, look, 1),
  "above-2": (tx, look) => tellAbove(tx, look, 2),
  phone: (tx, look) => openTasks(tx, look, "phone"),
  visit: (tx, look) => openTasks(tx, look, "visit"),
};

/** Does what is to happen on the rungs that are due. Returns how many messages that makes. */
export const doDeeds = async (tx: Tx, look: Look): Promise<number> => {
  const wanted = await tx.$queryRaw<{ deed: Deed }[]>`SELECT DISTINCT unnest("deeds") AS "deed" FROM "late"`;
  let messages = 0;
  for (const deed of DEEDS.filter((each) => wanted.some((one) => one.deed === each)))
    messages += await DO[deed](tx, look);
  return messages;
};
