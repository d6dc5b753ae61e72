import { LANES } from "../domain/delivery.ts";
import type { Look } from "../ports/store/chase-store.ts";
import type { HoursOfUnits } from "../ports/store/timetable.ts";
import { isAway, wayTo } from "./chase-messages.ts";
import { Prisma } from "./generated/client.ts";
import { innermost } from "./innermost.ts";
import { HOURS_COLUMNS } from "./push-sql.ts";

type Tx = Prisma.TransactionClient;

/** Whose digest it is time for: not before its hour, and not after work any more. */
const isDue = ({ hours }: HoursOfUnits, now: Date): boolean =>
  hours.digestAt !== null && hours.digestAt <= now && hours.open !== null;

/**
 * What was owed and known before the digest's hour, and is due today or was before, but for what its people were sent
 * today already; and what could not go out by itself.
 */
const people = ({ only, hours }: Look): Prisma.Sql => {
  const mine = (column: Prisma.Sql) => (only === null ? Prisma.empty : Prisma.sql`AND ${column} = ${only}`);
  const [latest] = hours.map((each) => each.hours.dayEnds).sort((one, other) => other.getTime() - one.getTime());
  return Prisma.sql`
  SELECT k."person_id", u."lft", o."due_at", n."published_at" AS "since", d."push_day" AS "pushed"
  FROM "obligation" o JOIN "notice" n ON n."id" = o."notice_id" AND n."state" = 'published'
  JOIN "asked" k ON k."obligation_id" = o."id" JOIN "unit" u ON u."id" = o."unit_id"
  JOIN "delivery" d ON d."notice_id" = o."notice_id" AND d."person_id" = k."person_id" AND d."kind" = 'notice' AND d."slot" = ''
  WHERE o."state" = 'open' AND o."plan_id" IS NOT NULL AND o."due_at" < ${latest}::timestamptz ${mine(Prisma.sql`o."notice_id"`)}
    AND NOT EXISTS (SELECT FROM "answer" a WHERE a."obligation_id" = o."id" AND a."person_id" = k."person_id" AND a."taken_back_at" IS NULL)
    AND d."state" NOT IN ('gone', 'refused', 'stopped', 'pending')
  UNION ALL
  SELECT f."person_id", u."lft", NULL, f."at", NULL FROM "delivery" f JOIN "unit" u ON u."id" = f."unit_id"
  WHERE f."state" = 'folded' ${mine(Prisma.sql`f."notice_id"`)}`;
};

const write = (tx: Tx, look: Look): Promise<number> => {
  const { now, hours, platforms } = look;
  return tx.$executeRaw`
  INSERT INTO "delivery" ("person_id", "kind", "slot", "unit_id", "account_id", "platform", "lane", "at", "until", "push_day")
  SELECT DISTINCT ON (w."person_id") w."person_id", 'digest', h."day", u."id", way."account_id", way."platform",
         ${LANES.indexOf("bulk")}::smallint, greatest(h."opens", ${now}::timestamptz), h."closes", h."day"
  FROM (${people(look)}) w JOIN "unit" u ON u."lft" = w."lft"
  CROSS JOIN LATERAL ${innermost(Prisma.sql`w."lft"`, hours, HOURS_COLUMNS)} h
  CROSS JOIN LATERAL ${wayTo(Prisma.sql`w."person_id"`, platforms)} way
  WHERE h."digest_at" <= ${now}::timestamptz AND h."opens" IS NOT NULL AND w."since" < h."digest_at"
    AND w."pushed" IS DISTINCT FROM h."day"
    AND (w."due_at" IS NULL OR w."due_at" < h."day_ends") AND NOT ${isAway(Prisma.sql`w."person_id"`, now)}
  ORDER BY w."person_id", w."lft"
  ON CONFLICT DO NOTHING`;
};

/** Notes that this is done once; what was noted before is left out. */
const takeTurns = async (tx: Tx, names: readonly string[], now: Date): Promise<number> => tx.$executeRaw`
  INSERT INTO "clock_turn" ("name", "at") SELECT n, ${now}::timestamptz FROM unnest(${[...names]}::text[]) n ORDER BY n
  ON CONFLICT DO NOTHING`;

/** Today's digests, where their hour has come. In a dry run nothing is noted down. */
export const writeDigests = async (tx: Tx, look: Look): Promise<number> => {
  const due = look.hours.filter((each) => isDue(each, look.now));
  if (due.length === 0) return 0;
  const names = due.map(({ lft, hours }) => `digest ${lft} ${hours.day}`);
  if (look.only === null && (await takeTurns(tx, names, look.now)) === 0) return 0;
  return write(tx, look);
};

/** What a digest has told is told. */
export const markTold = (tx: Tx) => tx.$executeRaw`
  UPDATE "delivery" f SET "state" = 'sent', "sent_at" = d."sent_at", "drawn_rev" = f."wanted_rev"
  FROM "delivery" d
  WHERE f."state" = 'folded' AND d."person_id" = f."person_id" AND d."kind" = 'digest'
    AND d."state" IN ('sent', 'delivered', 'seen') AND d."at" >= f."at"`;

/** What was meant for hours that are over. A digest that could not go out is made anew on the next working day. */
export const foldClosed = (tx: Tx, now: Date, after = 0n) => tx.$executeRaw`
  UPDATE "delivery" SET "state" = CASE WHEN "kind" = 'digest' THEN 'stopped' ELSE 'folded' END, "until" = NULL, "push_day" = NULL
  WHERE "id" = ANY (ARRAY(
    SELECT d."id" FROM "delivery" d WHERE d."state" = 'pending' AND d."until" < ${now}::timestamptz AND d."id" > ${after}
    ORDER BY d."id" LIMIT 10000 FOR UPDATE SKIP LOCKED))`;
