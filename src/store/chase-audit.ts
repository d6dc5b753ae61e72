import type { ClockAudit } from "../ports/store/chase-store.ts";
import type { Db } from "./client.ts";
import type { Prisma } from "./generated/client.ts";

type Tx = Prisma.TransactionClient;

/** Longer than from one working morning over any holiday to the next. */
const UNTOLD_MS = 12 * 86_400_000;

/** A message that waits for a digest is late when a digest of its person was sent after it and did not tell it. */
export const auditClock = async (db: Db, now: Date): Promise<ClockAudit> => {
  const [row] = await db.$queryRaw<[ClockAudit]>`
    SELECT (SELECT count(*)::int FROM "obligation" WHERE "state" = 'open' AND "plan_id" IS NOT NULL) AS "open",
           (SELECT count(*)::int FROM "obligation" WHERE "state" = 'open' AND "next_at" <= ${now}::timestamptz) AS "late",
           (SELECT min("next_at") FROM "obligation" WHERE "state" = 'open' AND "next_at" <= ${now}::timestamptz) AS "lateSince",
           (SELECT count(*)::int FROM "obligation" o WHERE o."state" = 'open' AND o."plan_id" IS NOT NULL AND o."next_at" IS NULL
              AND EXISTS (SELECT FROM "plan_step" s WHERE s."plan_id" = o."plan_id" AND s."step" >= o."next_step")) AS "stuck",
           (SELECT count(*)::int FROM "delivery" WHERE "state" = 'folded'
              AND "at" < ${new Date(now.getTime() - UNTOLD_MS)}::timestamptz) AS "untold"`;
  return row;
};

/** Every open obligation with a rung to come has the time of that rung. */
export const restartClocks = (tx: Tx, _now: Date): Promise<number> => tx.$executeRaw`
  UPDATE "obligation" o SET "next_at" = s."at"
  FROM "plan_step" s
  WHERE o."state" = 'open' AND o."plan_id" IS NOT NULL AND o."next_at" IS NULL AND s."plan_id" = o."plan_id" AND s."step" = (
    SELECT min(x."step") FROM "plan_step" x WHERE x."plan_id" = o."plan_id" AND x."step" >= o."next_step")`;
