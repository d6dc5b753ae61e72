import { setTimeout as sleep } from "node:timers/promises";
import type { Pool } from "pg";

/** Rejects when the database has not answered within five seconds. */
export const ping = async (pool: Pool): Promise<void> => {
  const late = new AbortController();
  const answered = pool.query("SELECT 1").then(() => true);
  try {
    const inTime = await Promise.race([answered, sleep(5_000, false, { signal: late.signal })]);
    if (!inTime) throw new Error("The database has not answered for five seconds.");
  } finally {
    late.abort();
    answered.catch(() => {});
  }
};

/** Ends a pool; connections still borrowed after `ms` are left to die with the process. */
export const endWithin = async (pool: Pool, ms: number): Promise<void> => {
  const late = new AbortController();
  await Promise.race([pool.end(), sleep(ms, undefined, { signal: late.signal, ref: false }).catch(() => {})]);
  late.abort();
};
