import type { Affected, Renewal } from "../ports/store/amend-store.ts";
import type { Prisma } from "./generated/client.ts";

/** The units that are named for each; the others are counted. */
const MOST_UNITS = 20;

interface Row {
  kind: keyof Renewal;
  people: number;
  more: number;
  units: Affected["units"];
}

const NOBODY: Affected = { people: 0, more: 0, units: [] };

/** Whom replacing a notice concerns, and how: read from the rows that it wrote. */
export const renewalSummary = async (tx: Prisma.TransactionClient, from: bigint, to: bigint): Promise<Renewal> => {
  const rows = await tx.$queryRaw<Row[]>`
    WITH card AS (
      SELECT d."notice_id", d."person_id", d."unit_id" FROM "delivery" d
      WHERE d."notice_id" IN (${from}, ${to}) AND d."kind" = 'notice'),
    owing AS (
      SELECT DISTINCT o."notice_id", k."person_id" FROM "obligation" o JOIN "asked" k ON k."obligation_id" = o."id"
      WHERE (o."notice_id" = ${to} AND o."state" = 'open' OR o."notice_id" = ${from} AND o."state" = 'cancelled')
        AND NOT EXISTS (SELECT FROM "answer" a WHERE a."obligation_id" = o."id" AND a."person_id" = k."person_id"
                          AND a."taken_back_at" IS NULL)),
    sorted AS (
      SELECT coalesce(next."unit_id", old."unit_id") AS "unit_id",
             CASE WHEN next."person_id" IS NULL THEN 'released' WHEN old."person_id" IS NULL THEN 'newly'
                  WHEN owes."person_id" IS NULL THEN 'sees' WHEN owed."person_id" IS NULL THEN 'again' ELSE 'still' END AS "kind"
      FROM (SELECT * FROM card WHERE "notice_id" = ${from}) old
      FULL JOIN (SELECT * FROM card WHERE "notice_id" = ${to}) next ON next."person_id" = old."person_id"
      LEFT JOIN owing owes ON owes."notice_id" = ${to} AND owes."person_id" = next."person_id"
      LEFT JOIN owing owed ON owed."notice_id" = ${from} AND owed."person_id" = old."person_id"),
    placed AS (
      SELECT s."kind", count(*) AS "people", row_number() OVER (PARTITION BY s."kind" ORDER BY u."lft") AS "place",
             u."code", u."name"
      FROM sorted s JOIN "unit" u ON u."id" = s."unit_id" GROUP BY s."kind", u."id")
    SELECT "kind", sum("people")::int AS "people", (count(*) FILTER (WHERE "place" > ${MOST_UNITS}))::int AS "more",
           json_agg(json_build_object('code', "code", 'unit', "name") ORDER BY "place")
             FILTER (WHERE "place" <= ${MOST_UNITS}) AS "units"
    FROM placed GROUP BY "kind"`;
  const found = new Map(rows.map(({ kind, ...affected }) => [kind, affected]));
  const of = (kind: keyof Renewal): Affected => found.get(kind) ?? NOBODY;
  return { newly: of("newly"), again: of("again"), still: of("still"), sees: of("sees"), released: of("released") };
};
