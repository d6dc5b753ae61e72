import type { Action } from "../dialogue/action.ts";
import { decodeAction, encodeAction } from "../dialogue/action.ts";
import type { Pressed } from "../ports/store/answer-store.ts";
import type { Db } from "./client.ts";
import type { Prisma } from "./generated/client.ts";

/** How long a sentence that was asked for is taken for the answer (service time). */
const LASTS_MS = 24 * 3_600_000;

/** A button as it stands in a reply's row, beside its words. */
export const jsonOf = (action: Action): string => Buffer.from(encodeAction(action)).toString("base64url");

/** The sender was asked for a sentence, on a platform whose buttons carry none: which button it is for. */
export const awaited = async (db: Db, { sender, now }: Pressed): Promise<Action | null> => {
  const [found] = await db.$queryRaw<{ awaits: string }[]>`
    SELECT "phrase" ->> 'awaits' AS "awaits" FROM "delivery"
    WHERE "person_id" = ${sender.person} AND "kind" = 'reply' AND "phrase" ? 'awaits'
      AND "at" > ${new Date(now.getTime() - LASTS_MS)}::timestamptz
    ORDER BY "id" DESC LIMIT 1`;
  return found ? decodeAction(Buffer.from(found.awaits, "base64url")) : null;
};

export const stopWaiting = async (tx: Prisma.TransactionClient, { sender }: Pressed): Promise<void> => {
  await tx.$executeRaw`
    UPDATE "delivery" SET "phrase" = "phrase" - 'awaits'
    WHERE "person_id" = ${sender.person} AND "kind" = 'reply' AND "phrase" ? 'awaits'`;
};
