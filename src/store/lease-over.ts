import { Prisma } from "./generated/client.ts";

/** No lease is longer, whoever holds it. */
const LONGEST_LEASE_MS = 60_000;

/**
 * When a row's holder is dead: its lease has ended; or ends later than any lease may, because the clock has jumped back
 * since, and nobody has renewed it.
 */
export const leaseOver = (row: Prisma.Sql, real: Date): Prisma.Sql => Prisma.sql`
  (${row}."lease_until" < ${real}::timestamptz
    OR ${row}."lease_until" > ${new Date(real.getTime() + LONGEST_LEASE_MS)}::timestamptz)`;
