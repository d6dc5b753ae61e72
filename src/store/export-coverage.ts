import type { Keys } from "../ports/keys.ts";
import type { AnswerGiven, ExportStore, UnitCoverage } from "../ports/store/export-store.ts";
import type { Db } from "./client.ts";
import { extentOf, scope } from "./export-scope.ts";
import { Prisma } from "./generated/client.ts";

/** Where everybody answers for themselves, a unit may have thousands of answers: a cell of a table names these. */
const MOST_NAMED = 20;

interface Row extends Omit<UnitCoverage, "answers"> {
  readonly answers: readonly {
    readonly uid: string;
    readonly wrapped: string | null;
    readonly cell: string;
    readonly how: string;
    readonly at: string;
  }[];
}

/** The rows of the one view about a notice, with the unit `u` of each. */
const facts = (number: string, under: string | null): Prisma.Sql => Prisma.sql`
  "coverage_fact" f JOIN "notice" n ON n."id" = f."notice_id" AND n."number" = ${number}
  JOIN "unit" u ON u."id" = f."unit_id" AND ${scope(under)}`;

/** The sums of each unit, as `coverage.ts` sums them over the whole notice. */
const sums = Prisma.sql`
  sum(f."owed")::int AS "owed", sum(f."fulfilled")::int AS "fulfilled", sum(f."late")::int AS "late",
  sum(f."by_proxy")::int AS "byProxy", sum(f."excused")::int AS "excused",
  sum(f."recipients")::int AS "recipients", sum(f."queued")::int AS "queued", sum(f."sent")::int AS "sent",
  sum(f."delivered")::int AS "delivered", sum(f."in_doubt")::int AS "inDoubt", sum(f."failed")::int AS "failed",
  sum(f."unreachable")::int AS "unreachable", max(f."due_at") AS "dueAt",
  coalesce(array_agg(DISTINCT f."platform") FILTER (WHERE f."platform" IS NOT NULL), '{}') AS "platforms"`;

const page = (
  db: Db,
  number: string,
  { after, upTo, limit, under }: Parameters<ExportStore["coverage"]>[1],
  now: Date,
) =>
  db.$queryRaw<Row[]>`
    WITH s AS (
      SELECT f."notice_id", u."id" AS "key", ${sums},
             coalesce(sum(f."owed" - f."fulfilled") FILTER (WHERE f."due_at" < ${now}::timestamptz), 0)::int AS "overdue",
             coalesce(bool_or(f."due_at" < ${now}::timestamptz AND f."owed" > f."fulfilled"), FALSE) AS "isOverdue"
      FROM ${facts(number, under)}
      WHERE u."id" > ${after} AND u."id" <= ${upTo} GROUP BY f."notice_id", u."id" ORDER BY u."id" LIMIT ${limit})
    SELECT s.*, u."code", u."name", p."code" AS "parent", owe."fulfilledAt", owe."excuses", given."answers"
    FROM s JOIN "unit" u ON u."id" = s."key" LEFT JOIN "unit" p ON p."id" = u."parent_id"
    CROSS JOIN LATERAL (
      SELECT max(o."fulfilled_at") AS "fulfilledAt",
             coalesce(array_agg(DISTINCT o."excuse") FILTER (WHERE o."excuse" IS NOT NULL), '{}') AS "excuses"
      FROM "obligation" o WHERE o."notice_id" = s."notice_id" AND o."unit_id" = s."key") owe
    CROSS JOIN LATERAL (
      SELECT coalesce(jsonb_agg(to_jsonb(a) ORDER BY a."at"), '[]') AS "answers" FROM (
        SELECT w."uid", encode(w."name_cell", 'base64') AS "cell", encode(k."wrapped", 'base64') AS "wrapped", a."how", a."at"
        FROM "obligation" o JOIN "answer" a ON a."obligation_id" = o."id" AND a."taken_back_at" IS NULL
        JOIN "person" w ON w."id" = a."person_id" LEFT JOIN "person_key" k ON k."person_id" = w."id"
        WHERE o."notice_id" = s."notice_id" AND o."unit_id" = s."key" ORDER BY a."at", a."id" LIMIT ${MOST_NAMED}) a) given
    ORDER BY s."key"`;

const opened =
  (keys: Pick<Keys, "person">) =>
  ({ uid, wrapped, cell, how, at }: Row["answers"][number]): AnswerGiven => ({
    name:
      wrapped === null
        ? null
        : keys.person(uid, Buffer.from(wrapped, "base64")).open("person.name_cell", Buffer.from(cell, "base64")),
    how,
    at: new Date(at),
  });

export const exportCoverage = (
  db: Db,
  keys: Pick<Keys, "person">,
): Pick<ExportStore, "notices" | "coverageExtent" | "coverage"> => ({
  async notices() {
    const found = await db.notice.findMany({ orderBy: { id: "asc" }, select: { number: true } });
    return found.map(({ number }) => number);
  },
  coverageExtent: (number, under) =>
    extentOf(db, under, Prisma.sql`SELECT DISTINCT u."id" AS "key" FROM ${facts(number, under)}`),
  async coverage(number, stretch, now) {
    const rows = await page(db, number, stretch, now);
    return rows.map((row) => ({ ...row, answers: row.answers.map(opened(keys)) }));
  },
});
