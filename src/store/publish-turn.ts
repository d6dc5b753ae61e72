import type { Prisma } from "./generated/client.ts";

/** Any number that nobody else locks by. */
const KEY = 7_201_117;

/**
 * Publishing and importing take turns, from here to the end of the transaction: a notice reads who holds which office of
 * which open unit, and an import changes just that. Many may publish at once.
 */
export const publishTurn = (tx: Prisma.TransactionClient) => tx.$queryRaw`
  SELECT pg_advisory_xact_lock_shared(${KEY}::bigint)::text`;

export const importTurn = (tx: Prisma.TransactionClient) => tx.$queryRaw`
  SELECT pg_advisory_xact_lock(${KEY}::bigint)::text`;
