import type { EntryBytes } from "../ports/ledger.ts";
import type { CalendarStore, Provisional } from "../ports/store/calendar-store.ts";
import type { Timetable } from "../ports/store/timetable.ts";
import type { Db } from "./client.ts";
import { Prisma } from "./generated/client.ts";
import { innermost } from "./innermost.ts";
import { PLAN_COLUMNS, type Planned, writePlans } from "./plans.ts";
import { retrying } from "./retrying.ts";
import { holdObligations } from "./withdraw.ts";

type Tx = Prisma.TransactionClient;

export const provisionalNotices = (db: Db): Promise<readonly Provisional[]> =>
  db.$queryRaw<Provisional[]>`
    SELECT "id", "number", "due_rule" AS "dueRule", "reminders", "published_at" AS "publishedAt", "due_at" AS "dueAt",
           EXISTS (SELECT FROM "plan" p JOIN "plan_step" s ON s."plan_id" = p."id"
                   WHERE p."notice_id" = "notice"."id" AND s."any_hour") AS "anyHour"
    FROM "notice" WHERE "state" = 'published' AND ("due_provisional" OR EXISTS (
      SELECT FROM "obligation" o JOIN "plan" p ON p."id" = o."plan_id"
      WHERE o."notice_id" = "notice"."id" AND o."state" = 'open' AND p."provisional")) ORDER BY "id"`;

const move = (tx: Tx, notice: bigint, planned: readonly Planned[], first: number) => tx.$executeRaw`
  UPDATE "obligation" o SET "due_at" = t."due_at", "plan_id" = t."plan_id", "next_step" = ${first}::smallint, "next_at" = t."next_at"
  FROM "unit" u CROSS JOIN LATERAL ${innermost(Prisma.sql`u."lft"`, planned, PLAN_COLUMNS)} t
  WHERE o."notice_id" = ${notice} AND o."state" = 'open' AND u."id" = o."unit_id"`;

const redraw = (tx: Tx, notice: bigint) => tx.$executeRaw`
  UPDATE "delivery" SET "wanted_rev" = "wanted_rev" + 1
  WHERE "notice_id" = ${notice} AND "state" NOT IN ('gone', 'refused', 'stopped')`;

/** Rungs are told apart by the numbers of their steps: those of the new plan have numbers that none had before. */
const firstStep = async (tx: Tx, notice: bigint): Promise<number> => {
  const [row] = await tx.$queryRaw<[{ first: number }]>`
    SELECT coalesce(max(s."step") + 1, 0)::int AS "first" FROM "plan" p JOIN "plan_step" s ON s."plan_id" = p."id"
    WHERE p."notice_id" = ${notice}`;
  return row.first;
};

const stillToCome = (timetables: readonly Timetable[], now: Date): readonly Timetable[] =>
  timetables.map((table) => ({ ...table, steps: table.steps.filter(({ at }) => at > now) }));

export const reschedule = (
  db: Db,
  entryBytes: EntryBytes,
  ...[notice, timetables, now, entry]: Parameters<CalendarStore["reschedule"]>
): Promise<number> =>
  retrying(() =>
    db.$transaction(async (tx) => {
      await holdObligations(tx, notice);
      const first = await firstStep(tx, notice);
      const planned = await writePlans(tx, notice, stillToCome(timetables, now), first);
      const moved = await move(tx, notice, planned, first);
      const provisional = timetables.some((table) => table.provisional);
      await tx.notice.update({
        where: { id: notice },
        data: { dueAt: timetables[0].dueAt, dueProvisional: provisional },
      });
      await redraw(tx, notice);
      const event = entry(moved);
      if (event) await tx.ledgerInbox.create({ data: { body: entryBytes(event) } });
      return moved;
    }),
  );
