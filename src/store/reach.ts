import type { Pressed } from "../ports/store/answer-store.ts";
import type { Prisma } from "./generated/client.ts";

type Tx = Prisma.TransactionClient;

/** The person has blocked us there: nothing is sent to that address until they say otherwise. */
export const loseReach = async (tx: Tx, { sender }: Pressed): Promise<void> => {
  await tx.account.updateMany({ where: { id: sender.account, gone: null }, data: { gone: "blocked" } });
};

/** Back again: notices that did not get through meanwhile, and still stand, go out now. */
export const regainReach = async (tx: Tx, { sender, now }: Pressed): Promise<void> => {
  await tx.account.updateMany({ where: { id: sender.account }, data: { gone: null } });
  await tx.$executeRaw`
    UPDATE "delivery" d SET "state" = 'pending', "why" = NULL, "at" = ${now}::timestamptz, "lease_id" = NULL, "begun_at" = NULL,
           "account_id" = ${sender.account}, "platform" = a."platform"
    FROM "notice" n, "account" a
    WHERE d."person_id" = ${sender.person} AND d."kind" = 'notice' AND d."state" = 'gone' AND d."ref" IS NULL
      AND n."id" = d."notice_id" AND n."state" = 'published' AND a."id" = ${sender.account}`;
};
