import type { StuckView } from "../dialogue/view.ts";
import type { ObligationId, TaskId } from "../domain/ids.ts";
import type { Keys } from "../ports/keys.ts";
import { Prisma } from "./generated/client.ts";

type Sql = Prisma.TransactionClient;

/** A message about what is stuck, and whose it is. */
interface About {
  readonly kind: string;
  readonly notice_id: bigint | null;
  readonly unit_id: bigint | null;
  readonly person_id: bigint;
  readonly phrase: unknown;
}

interface Row {
  id: bigint;
  generation: number;
  unit: string;
  number: string;
  due_at: Date | null;
  uid: string | null;
  name_cell: Uint8Array | null;
  phone_cell: Uint8Array | null;
  wrapped: Uint8Array | null;
  task: bigint | null;
  task_kind: string | null;
  open: number;
  total: number;
}

/** So many fit on a card with their buttons. */
const MOST = 8;

const levelOf = ({ phrase }: About): 1 | 2 => ((phrase as { level?: number } | null)?.level === 2 ? 2 : 1);

/** What a deputy may take over, what is overdue below a unit since its rung was decided, or what its people have to do. */
const which = (about: About): Prisma.Sql => {
  const { kind, notice_id: notice, unit_id: unit, person_id: reader } = about;
  if (kind === "deputy")
    return Prisma.sql`o."notice_id" = ${notice} AND o."person_id" IS NULL
      AND EXISTS (SELECT FROM "post" p WHERE p."unit_id" = o."unit_id" AND p."person_id" = ${reader} AND p."deputy")
      AND NOT EXISTS (SELECT FROM "asked" k WHERE k."obligation_id" = o."id" AND k."person_id" = ${reader})`;
  if (kind === "task") return Prisma.sql`t."id" IS NOT NULL`;
  const deed = levelOf(about) === 2 ? "above-2" : "above";
  return Prisma.sql`u."lft" > here."lft" AND u."rgt" < here."rgt" AND EXISTS (
    SELECT FROM "rung" r JOIN "plan_step" s ON s."plan_id" = o."plan_id" AND s."step" = r."step"
    WHERE r."obligation_id" = o."id" AND r."generation" = o."generation" AND ${deed} = ANY (s."deeds"))
    AND here."id" = ${unit}`;
};

const tasks = ({ kind, unit_id: unit }: About): Prisma.Sql =>
  kind === "task"
    ? Prisma.sql`JOIN "task" t ON t."obligation_id" = o."id" AND t."generation" = o."generation" AND t."unit_id" = ${unit} AND t."done_at" IS NULL`
    : Prisma.sql`LEFT JOIN "task" t ON FALSE`;

const rowsOf = (db: Sql, about: About) => db.$queryRaw<Row[]>`
  WITH stuck AS MATERIALIZED (
    SELECT o."id", o."generation", o."due_at", o."notice_id", u."name" AS "unit", u."lft", n."number", t."id" AS "task", t."kind" AS "task_kind"
    FROM "obligation" o JOIN "notice" n ON n."id" = o."notice_id" AND n."state" = 'published' JOIN "unit" u ON u."id" = o."unit_id"
    ${tasks(about)}
    LEFT JOIN "unit" here ON here."id" = ${about.unit_id}
    WHERE o."state" = 'open' AND ${which(about)})
  SELECT s.*, p."uid", p."name_cell", p."phone_cell", k."wrapped", (count(*) OVER ())::int AS "open",
         (SELECT count(DISTINCT x."unit_id")::int FROM "obligation" x JOIN "unit" xu ON xu."id" = x."unit_id"
          JOIN "unit" here ON here."id" = ${about.unit_id}
          WHERE x."notice_id" IN (SELECT "notice_id" FROM stuck) AND x."state" IN ('open', 'fulfilled')
            AND xu."lft" BETWEEN here."lft" AND here."rgt") AS "total"
  FROM stuck s
  LEFT JOIN LATERAL (
    SELECT a."person_id" FROM "asked" a WHERE a."obligation_id" = s."id" ORDER BY a."deputy", a."person_id" LIMIT 1) first ON TRUE
  LEFT JOIN "person" p ON p."id" = first."person_id" LEFT JOIN "person_key" k ON k."person_id" = p."id"
  ORDER BY s."due_at" NULLS LAST, s."lft", s."id" LIMIT ${MOST}`;

const opened = (
  keys: Keys,
  { uid, wrapped }: Row,
  column: "person.name_cell" | "person.phone_cell",
  cell: Uint8Array | null,
): string | null => (uid && wrapped && cell ? keys.person(uid, wrapped).open(column, cell) : null);

/** What is stuck, for a message that tells of it; whoever reads it may call those who were asked. */
export const stuckOf = async (
  db: Sql,
  keys: Keys,
  about: About,
): Promise<{ readonly items: readonly StuckView[]; readonly open: number; readonly total: number }> => {
  const rows = await rowsOf(db, about);
  const items = rows.map((row) => ({
    obligation: row.id as ObligationId,
    generation: row.generation,
    unitName: row.unit,
    number: row.number,
    dueAt: row.due_at,
    who: opened(keys, row, "person.name_cell", row.name_cell),
    phone: opened(keys, row, "person.phone_cell", row.phone_cell),
    task: row.task === null ? null : { id: row.task as TaskId, kind: row.task_kind as "phone" | "visit" },
  }));
  return { items, open: rows[0]?.open ?? 0, total: rows[0]?.total ?? 0 };
};

/** How many messages about others a digest stands for: those that waited for it, and were not sent by themselves. */
export const belowOf = async (db: Sql, person: bigint): Promise<number> => {
  const [row] = await db.$queryRaw<[{ count: number }]>`
    SELECT count(*)::int AS "count" FROM "delivery"
    WHERE "person_id" = ${person} AND "state" = 'folded' AND "kind" IN ('deputy', 'above', 'task')`;
  return row.count;
};
