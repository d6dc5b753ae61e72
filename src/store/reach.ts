import type { Pressed } from "../ports/store/answer-store.ts";
import type { Prisma } from "./generated/client.ts";

type Tx = Prisma.TransactionClient;

/** The person has blocked us there: nothing is sent to that address until they say otherwise. */
export const loseReach = async (tx: Tx, { sender }: Pressed): Promise<void> => {
  await tx.account.updateMany({ where: { id: sender.account, gone: null }, data: { gone: "blocked" } });
};

/** Notices in force that could not reach somebody until now go out to this account of theirs. */
export const sendMissed = (tx: Tx, person: bigint, account: bigint, now: Date) => tx.$executeRaw`
  UPDATE "delivery" d SET "state" = 'pending', "why" = NULL, "account_id" = a."id", "platform" = a."platform",
         "at" = ${now}::timestamptz, "lease_id" = NULL, "lease_until" = NULL, "begun_at" = NULL, "attempts" = 0
  FROM "notice" n, "account" a
  WHERE d."person_id" = ${person} AND d."kind" = 'notice' AND d."state" = 'gone' AND d."ref" IS NULL
    AND n."id" = d."notice_id" AND n."state" = 'published' AND a."id" = ${account}`;

/** Back again: what did not get through meanwhile goes out now. */
export const regainReach = async (tx: Tx, { sender, now }: Pick<Pressed, "sender" | "now">): Promise<void> => {
  await tx.account.updateMany({ where: { id: sender.account }, data: { gone: null } });
  await sendMissed(tx, sender.person, sender.account, now);
};
