import type { Look } from "../ports/store/chase-store.ts";
import { doDeeds } from "./chase-deeds.ts";
import { decideLate, gatherLate } from "./chase-late.ts";
import type { Prisma } from "./generated/client.ts";

type Tx = Prisma.TransactionClient;

/** Everything is decided in one transaction with its messages: a rung that was decided was told, or will be. */
export const decideSome = async (tx: Tx, look: Look, most: number) => {
  const rungs = await gatherLate(tx, look, most);
  if (rungs === 0) return { rungs, messages: 0 };
  await tx.$executeRaw`SET LOCAL jit = off`;
  await tx.$executeRaw`ANALYZE "late"`;
  const messages = await doDeeds(tx, look);
  await decideLate(tx, look);
  return { rungs, messages };
};
