import { LANES } from "../domain/delivery.ts";
import type { Look } from "../ports/store/chase-store.ts";
import { wayTo } from "./chase-messages.ts";
import { Prisma } from "./generated/client.ts";

type Tx = Prisma.TransactionClient;

/**
 * Whoever stands in is asked for everything that somebody who is away still owes for a unit, and gets its card; what is owed
 * for oneself waits. Returns how many are asked. The card keeps no hours of its own: it is told in the next digest.
 */
export const askStandIns = async (tx: Tx, { now, platforms, hours: [{ hours }] }: Look): Promise<number> => {
  const atAnyHour = hours.most === null;
  const asked = await tx.$queryRaw<{ obligation: bigint }[]>`
    INSERT INTO "asked" ("obligation_id", "person_id", "post", "deputy")
    SELECT DISTINCT ON (o."id", v."stand_in_id") o."id", v."stand_in_id", k."post", TRUE
    FROM "leave" v JOIN "asked" k ON k."person_id" = v."person_id"
    JOIN "obligation" o ON o."id" = k."obligation_id" AND o."state" = 'open' AND o."person_id" IS NULL
    JOIN "notice" n ON n."id" = o."notice_id" AND n."state" = 'published'
    WHERE v."from_at" <= ${now}::timestamptz AND v."until_at" > ${now}::timestamptz
    ORDER BY o."id", v."stand_in_id"
    ON CONFLICT DO NOTHING RETURNING "obligation_id" AS "obligation"`;
  if (asked.length === 0) return 0;
  const ids = asked.map(({ obligation }) => obligation);
  await tx.$executeRaw`
    INSERT INTO "delivery" AS d ("notice_id", "person_id", "kind", "unit_id", "account_id", "platform", "lane", "state", "at")
    SELECT DISTINCT ON (n."id", v."stand_in_id") n."id", v."stand_in_id", 'notice', o."unit_id", way."account_id", way."platform",
           CASE WHEN n."urgency" IN ('urgent', 'flash') THEN ${LANES.indexOf("urgent")}::smallint ELSE ${LANES.indexOf("bulk")}::smallint END,
           CASE WHEN n."urgency" IN ('urgent', 'flash') OR ${atAnyHour} THEN 'pending' ELSE 'folded' END, ${now}::timestamptz
    FROM "leave" v JOIN "asked" k ON k."person_id" = v."person_id" JOIN "obligation" o ON o."id" = k."obligation_id"
    JOIN "notice" n ON n."id" = o."notice_id"
    CROSS JOIN LATERAL ${wayTo(Prisma.sql`v."stand_in_id"`, platforms)} way
    WHERE o."id" = ANY (${ids}::bigint[]) AND v."from_at" <= ${now}::timestamptz AND v."until_at" > ${now}::timestamptz
    ORDER BY n."id", v."stand_in_id", o."id"
    ON CONFLICT ("notice_id", "person_id", "kind", "slot") DO UPDATE SET "wanted_rev" = d."wanted_rev" + 1`;
  return asked.length;
};
