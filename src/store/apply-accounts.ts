import type { ImportId } from "../ports/store/roster-store.ts";
import type { Prisma } from "./generated/client.ts";

type Tx = Prisma.TransactionClient;

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

/**
 * What waits for the old account goes to the new one of the same platform; and so does every card on which its person
 * still owes an answer, for they may not see it any more where it stands. What is being sent at this moment stays.
 */
const follow = (tx: Tx, run: ImportId, now: Date) => tx.$executeRaw`
  UPDATE "delivery" d SET "account_id" = a."id", "state" = 'pending', "ref" = NULL, "drawn_rev" = 0, "why" = NULL,
    "attempts" = 0, "doubt_at" = NULL, "lease_id" = NULL, "lease_until" = NULL, "begun_at" = NULL,
    "delivered_at" = NULL, "seen_at" = NULL,
    "at" = CASE WHEN d."state" = 'pending' THEN d."at" ELSE ${now}::timestamptz END
  FROM "staged_row" s
  JOIN "account" old ON old."id" = (s."body"->>'account')::bigint
  JOIN LATERAL (
    SELECT n."id" FROM "account" n
    WHERE n."person_id" = old."person_id" AND n."platform" = old."platform" AND n."gone" IS NULL
    ORDER BY n."id" DESC LIMIT 1) a ON TRUE
  WHERE s."run_id" = ${run} AND s."kind" = 'replaced' AND d."account_id" = old."id"
    AND d."person_id" = old."person_id"
    AND (d."state" = 'pending' OR d."kind" = 'notice' AND d."state" <> 'sending' AND EXISTS (
      SELECT FROM "asked" k JOIN "obligation" o ON o."id" = k."obligation_id"
      JOIN "notice" n ON n."id" = o."notice_id" AND n."state" = 'published'
      WHERE k."person_id" = d."person_id" AND o."notice_id" = d."notice_id" AND o."state" = 'open'
        AND NOT EXISTS (SELECT FROM "answer" x WHERE x."obligation_id" = o."id" AND x."person_id" = k."person_id"
                        AND x."taken_back_at" IS NULL)))`;

/** The accounts of an import, and what is on its way to those that were replaced. */
export const applyAccounts = async (tx: Tx, run: ImportId, now: Date): Promise<void> => {
  await add(tx, run);
  await replace(tx, run);
  await follow(tx, run, now);
};
