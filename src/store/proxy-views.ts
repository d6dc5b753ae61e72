import type { ProxyView } from "../dialogue/view.ts";
import type { ObligationId, PersonId } from "../domain/ids.ts";
import type { Locale } from "../domain/language.ts";
import type { ObligationState } from "../domain/obligation.ts";
import type { PlacedPost } from "../domain/rights.ts";
import { answersFor } from "../domain/rights.ts";
import type { Db } from "./client.ts";
import { Prisma } from "./generated/client.ts";
import { titleIn } from "./title-in.ts";

/** A card takes ten buttons at most; the last two are for going on. */
const PAGE = 8;

interface Row {
  id: bigint;
  generation: number;
  state: string;
  due_at: Date | null;
  unit: string;
  number: string;
  title: string;
  total: number;
}

/** The units where one of these offices gives a right to answer for others. */
const reach = (posts: readonly PlacedPost[]): Prisma.Sql | null => {
  const spans = posts.map(answersFor).filter((span) => span !== null);
  if (spans.length === 0) return null;
  const conditions = spans.map(({ from, to }) => Prisma.sql`u."lft" BETWEEN ${from} AND ${to}`);
  return Prisma.sql`(${Prisma.join(conditions, " OR ")})`;
};

/**
 * A page of the open obligations that this person may answer for others, the earliest due and the nearest units first.
 * `from` counts obligations already shown.
 */
export const proxyPage = async (
  db: Db | Prisma.TransactionClient,
  person: PersonId,
  locale: Locale,
  from: number,
): Promise<{ readonly items: readonly ProxyView[]; readonly next: number | null; readonly total: number }> => {
  const posts = await db.$queryRaw<PlacedPost[]>`
    SELECT p."post", p."deputy", u."lft", u."rgt" FROM "post" p JOIN "unit" u ON u."id" = p."unit_id"
    WHERE p."person_id" = ${person}`;
  const mine = reach(posts);
  if (!mine) return { items: [], next: null, total: 0 };
  const rows = await db.$queryRaw<Row[]>`
    SELECT o."id", o."generation", o."state", o."due_at", u."name" AS "unit", n."number",
           ${titleIn(Prisma.sql`${locale}::text`)} AS "title",
           (count(*) OVER ())::int AS "total"
    FROM "obligation" o JOIN "notice" n ON n."id" = o."notice_id" JOIN "unit" u ON u."id" = o."unit_id"
    WHERE o."state" = 'open' AND o."person_id" IS NULL AND n."state" = 'published' AND ${mine}
      AND NOT EXISTS (SELECT FROM "asked" k WHERE k."obligation_id" = o."id" AND k."person_id" = ${person})
    ORDER BY o."due_at" NULLS LAST, u."lft", o."id" OFFSET ${from} LIMIT ${PAGE}`;
  // What stood before it was answered meanwhile: begin again rather than say that nothing is left.
  if (rows.length === 0 && from > 0) return proxyPage(db, person, locale, 0);
  const total = rows[0]?.total ?? 0;
  const items = rows.map((row) => ({
    obligation: row.id as ObligationId,
    generation: row.generation,
    unitName: row.unit,
    number: row.number,
    title: row.title,
    dueAt: row.due_at,
    state: row.state as ObligationState,
  }));
  return { items, next: from + rows.length < total ? from + rows.length : null, total };
};
