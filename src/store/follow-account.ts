import type { Prisma } from "./generated/client.ts";

type Tx = Prisma.TransactionClient;

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
