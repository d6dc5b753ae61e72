import type { EntryBytes } from "../ports/ledger.ts";
import type { AmendStore, Recall, Unamendable, Withdrawn } from "../ports/store/amend-store.ts";
import type { Db } from "./client.ts";
import type { Prisma } from "./generated/client.ts";
import { retrying } from "./retrying.ts";
import { RolledBack } from "./rolled-back.ts";
import { holdStanding } from "./standing.ts";
import { cancelOpen, holdObligations, redrawLists, tellOnce, withdrawCards } from "./withdraw.ts";

type Tx = Prisma.TransactionClient;

/** Everything that recalling writes but the ledger's row. */
const write = async (tx: Tx, { number, reason, at, platforms }: Recall): Promise<Withdrawn | Unamendable> => {
  const held = await holdStanding(tx, number);
  if ("kind" in held) return held;
  await holdObligations(tx, held.id);
  const cancelled = await cancelOpen(tx, held.id);
  const stopped = await withdrawCards(tx, held.id, at);
  const told = await tellOnce(tx, "recalled", held.id, { platforms, now: at, but: null });
  await redrawLists(tx, held.id);
  await tx.notice.update({ where: { id: held.id }, data: { state: "recalled", recallReason: reason, endedAt: at } });
  return { stopped, told, cancelled };
};

export const recalls = (db: Db, entryBytes: EntryBytes): Pick<AmendStore, "recall" | "previewRecall"> => ({
  recall: (what, entry) =>
    retrying(() =>
      db.$transaction(async (tx) => {
        const done = await write(tx, what);
        if ("kind" in done) return done;
        await tx.ledgerInbox.create({ data: { body: entryBytes(entry(done)) } });
        await tx.$executeRaw`ANALYZE "delivery"`;
        return done;
      }),
    ),

  previewRecall: (what) =>
    retrying(() =>
      db.$transaction(async (tx): Promise<never> => {
        throw new RolledBack(await write(tx, what));
      }),
    ).catch((error) => {
      if (error instanceof RolledBack) return error.result as Withdrawn | Unamendable;
      throw error;
    }),
});
