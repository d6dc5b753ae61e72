import { Prisma } from "./generated/client.ts";

const MOST_TRIES = 3;

/** Thrown within a transaction whose ground somebody else has moved meanwhile. */
export class Overtaken extends Error {}

/** Whether the database broke a transaction off because it and another one waited for each other. */
const isConflict = (error: unknown): boolean => {
  if (error instanceof Overtaken) return true;
  if (!(error instanceof Prisma.PrismaClientKnownRequestError)) return false;
  const { driverAdapterError } = (error.meta ?? {}) as { driverAdapterError?: { cause?: { kind?: string } } };
  return driverAdapterError?.cause?.kind === "TransactionWriteConflict";
};

/** Runs a transaction, and at once again where it met with another one; what it does must be harmless to begin anew. */
export const retrying = async <Done>(transaction: () => Promise<Done>, left = MOST_TRIES): Promise<Done> => {
  try {
    return await transaction();
  } catch (error) {
    if (left > 1 && isConflict(error)) return retrying(transaction, left - 1);
    throw error;
  }
};
