import { PrismaPg } from "@prisma/adapter-pg";
import type { Pool } from "pg";
import { PrismaClient } from "./generated/client.ts";

export type Db = PrismaClient;

/** Prisma over a pool that `database` opened: PostgreSQL and the embedded database alike. */
export const openPrisma = (pool: Pool): Db =>
  new PrismaClient({
    adapter: new PrismaPg(pool, { disposeExternalPool: false }),
    transactionOptions: { maxWait: 10_000, timeout: 120_000 },
  });
