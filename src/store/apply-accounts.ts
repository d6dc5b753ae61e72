import { phrase } from "../dialogue/phrase.ts";
import { LANES } from "../domain/delivery.ts";
import type { ImportId } from "../ports/store/roster-store.ts";
import { Prisma } from "./generated/client.ts";
import { forgetGuests } from "./guests.ts";

type Tx = Prisma.TransactionClient;

interface AccountsHow {
  readonly now: Date;
  readonly platforms: readonly string[];
}

/** Adds what is new; an account that had been replaced and is named again takes its place back. */
const add = (tx: Tx, run: ImportId) => tx.$executeRaw`
  INSERT INTO "account" AS a ("person_id", "platform", "address_cell", "address_index")
  SELECT p."id", r."platform", r."address_cell", r."address_index" FROM "staged_row" s
  CROSS JOIN LATERAL jsonb_to_record(s."body") AS r(
    "uid" text, "platform" text, "address_cell" bytea, "address_index" bytea)
  JOIN "person" p ON p."uid" = r."uid"
  WHERE s."run_id" = ${run} AND s."kind" = 'account'
    -- A personal link may have given them their web chat meanwhile.
    AND NOT (r."platform" = 'web' AND EXISTS (
      SELECT FROM "account" a WHERE a."person_id" = p."id" AND a."platform" = 'web'))
  ORDER BY s."id"
  ON CONFLICT ("platform", "address_index") DO UPDATE SET "gone" = NULL WHERE a."person_id" = excluded."person_id"`;

const replace = (tx: Tx, run: ImportId) => tx.$executeRaw`
  UPDATE "account" a SET "gone" = 'replaced' FROM "staged_row" s
  WHERE s."run_id" = ${run} AND s."kind" = 'replaced' AND a."id" = (s."body"->>'account')::bigint`;

const replacedBy = (run: ImportId): Prisma.Sql => Prisma.sql`ARRAY(
  SELECT (s."body"->>'account')::bigint FROM "staged_row" s WHERE s."run_id" = ${run} AND s."kind" = 'replaced')`;

/**
 * What waits for the old account goes to the new one of the same platform; and so does every card on which its person
 * still owes an answer, for they may not see it any more where it stands. What is being sent at this moment stays.
 * `replaced` is a list of accounts.
 */
export const follow = (tx: Tx, replaced: Prisma.Sql, now: Date) => tx.$executeRaw`
  UPDATE "delivery" d SET "account_id" = a."id", "state" = 'pending', "ref" = NULL, "drawn_rev" = 0, "why" = NULL,
    "attempts" = 0, "doubt_at" = NULL, "lease_id" = NULL, "lease_until" = NULL, "begun_at" = NULL,
    "delivered_at" = NULL, "seen_at" = NULL,
    "at" = CASE WHEN d."state" = 'pending' THEN d."at" ELSE ${now}::timestamptz END
  FROM "account" old
  JOIN LATERAL (
    SELECT n."id" FROM "account" n
    WHERE n."person_id" = old."person_id" AND n."platform" = old."platform" AND n."gone" IS NULL
    ORDER BY n."id" DESC LIMIT 1) a ON TRUE
  WHERE old."id" = ANY (${replaced}) AND d."account_id" = old."id"
    AND d."person_id" = old."person_id"
    AND (d."state" = 'pending' OR d."kind" = 'notice' AND d."state" <> 'sending' AND EXISTS (
      SELECT FROM "asked" k JOIN "obligation" o ON o."id" = k."obligation_id"
      JOIN "notice" n ON n."id" = o."notice_id" AND n."state" = 'published'
      WHERE k."person_id" = d."person_id" AND o."notice_id" = d."notice_id" AND o."state" = 'open'
        AND NOT EXISTS (SELECT FROM "answer" x WHERE x."obligation_id" = o."id" AND x."person_id" = k."person_id"
                        AND x."taken_back_at" IS NULL)))`;

/** An address that a stranger wrote from belongs to whoever the file says it does. */
const forgetStrangers = async (tx: Tx, run: ImportId): Promise<void> => {
  const guests = await tx.$queryRaw<{ id: bigint }[]>`
    SELECT g."person_id" AS "id" FROM "staged_row" s
    CROSS JOIN LATERAL jsonb_to_record(s."body") AS r("platform" text, "address_index" bytea)
    JOIN "account" a ON a."platform" = r."platform" AND a."address_index" = r."address_index"
    JOIN "guest" g ON g."person_id" = a."person_id"
    WHERE s."run_id" = ${run} AND s."kind" = 'account'`;
  await forgetGuests(
    tx,
    guests.map(({ id }) => id),
  );
};

/** What people were told who an import enrolled goes out at this pace, a message each so often: notices go before it. */
const WELCOME_EVERY_MS = 100;

/** Whoever came with a platform's own id is enrolled at once, and told so once. */
const welcome = async (tx: Tx, run: ImportId, { now, platforms }: AccountsHow): Promise<void> => {
  const root = await tx.unit.findFirst({ where: { parentId: null }, select: { name: true } });
  const words = phrase("enrol.welcome", { issuer: root?.name ?? "", privacy: phrase("enrol.privacy") });
  await tx.$executeRaw`
    INSERT INTO "delivery" ("person_id", "kind", "slot", "account_id", "platform", "lane", "at", "phrase")
    SELECT a."person_id", 'reply', 'welcome', a."id", a."platform", ${LANES.indexOf("bulk")}::smallint,
           ${now}::timestamptz + (row_number() OVER (ORDER BY a."id") - 1) * ${WELCOME_EVERY_MS}::int * interval '1 millisecond',
           ${JSON.stringify(words)}::jsonb
    FROM "staged_row" s
    CROSS JOIN LATERAL jsonb_to_record(s."body") AS r("platform" text, "address_index" bytea)
    JOIN "account" a ON a."platform" = r."platform" AND a."address_index" = r."address_index" AND a."gone" IS NULL
    WHERE s."run_id" = ${run} AND s."kind" = 'account' AND r."platform" = ANY (${[...platforms]}) AND r."platform" <> 'web'
    ON CONFLICT DO NOTHING`;
};

/** The accounts of an import, and what is on its way to those that were replaced. */
export const applyAccounts = async (tx: Tx, run: ImportId, how: AccountsHow): Promise<void> => {
  await forgetStrangers(tx, run);
  await add(tx, run);
  await replace(tx, run);
  await follow(tx, replacedBy(run), how.now);
  await welcome(tx, run, how);
};
