import type { Look } from "../ports/store/chase-store.ts";
import { toUnits } from "./chase-deeds.ts";
import { Prisma } from "./generated/client.ts";

type Tx = Prisma.TransactionClient;

/** So long after publication it is clear whom a notice does not reach. */
export const AFTER_MS = 5 * 60_000;
/** Older ones are left to their ladder. */
const WITHIN_MS = 3 * 86_400_000;

const due = ({ now, only }: Look) => Prisma.sql`
  SELECT n."id" FROM "notice" n
  WHERE n."state" = 'published' AND n."published_at" <= ${new Date(now.getTime() - AFTER_MS)}::timestamptz
    AND n."published_at" > ${new Date(now.getTime() - WITHIN_MS)}::timestamptz
    ${only === null ? Prisma.empty : Prisma.sql`AND n."id" = ${only}`}
    AND NOT EXISTS (SELECT FROM "clock_turn" t WHERE t."name" = 'unreached ' || n."id")`;

/** Opens a task to call where nobody who was asked has the notice, nor will. Returns for how many obligations. */
export const callUnreached = async (tx: Tx, look: Look): Promise<number> => {
  const notices = await tx.$queryRaw<{ id: bigint }[]>(due(look));
  if (notices.length === 0) return 0;
  const ids = notices.map(({ id }) => id);
  await tx.$executeRaw`
    INSERT INTO "clock_turn" ("name", "at") SELECT 'unreached ' || n, ${look.now}::timestamptz FROM unnest(${ids}::bigint[]) n
    ORDER BY n ON CONFLICT DO NOTHING`;
  const opened = await tx.$executeRaw`
    INSERT INTO "task" ("obligation_id", "generation", "kind", "unit_id", "opened_at")
    SELECT o."id", o."generation", 'phone', coalesce(u."parent_id", u."id"), ${look.now}::timestamptz
    FROM "obligation" o JOIN "unit" u ON u."id" = o."unit_id"
    WHERE o."notice_id" = ANY (${ids}::bigint[]) AND o."state" = 'open' AND o."plan_id" IS NOT NULL AND NOT EXISTS (
      SELECT FROM "asked" k JOIN "delivery" d ON d."notice_id" = o."notice_id" AND d."person_id" = k."person_id" AND d."kind" = 'notice'
      WHERE k."obligation_id" = o."id" AND d."state" NOT IN ('gone', 'refused'))
    ON CONFLICT DO NOTHING`;
  if (opened === 0) return 0;
  const targets = Prisma.sql`
    SELECT DISTINCT t."unit_id", ${look.now}::timestamptz AS "planned_at",
           CASE WHEN n."urgency" IN ('urgent', 'flash') THEN n."urgency" END AS "reason"
    FROM "task" t JOIN "obligation" o ON o."id" = t."obligation_id" JOIN "notice" n ON n."id" = o."notice_id"
    WHERE o."notice_id" = ANY (${ids}::bigint[]) AND t."kind" = 'phone' AND t."done_at" IS NULL AND t."opened_at" = ${look.now}::timestamptz`;
  await toUnits(tx, "task", 1, targets, look);
  return opened;
};
