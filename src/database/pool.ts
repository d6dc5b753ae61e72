import { setTimeout as sleep } from "node:timers/promises";
import type { Pool } from "pg";

/** A standby answers every question and takes nothing down: to the service it is as good as away. */
const writable = async (pool: Pool): Promise<true> => {
  const { rows } = await pool.query<{ closed: boolean }>(
    `SELECT current_setting('transaction_read_only') = 'on' OR pg_is_in_recovery() AS closed`,
  );
  if (rows[0]?.closed) throw new Error("The database is read-only.");
  return true;
};

/** Rejects when the database has not answered within five seconds, or takes nothing down. */
export const ping = async (pool: Pool): Promise<void> => {
  const late = new AbortController();
  const answered = writable(pool);
  try {
    const inTime = await Promise.race([answered, sleep(5_000, false, { signal: late.signal })]);
    if (!inTime) throw new Error("The database has not answered for five seconds.");
  } finally {
    late.abort();
    answered.catch(() => {});
  }
};

/**
 * Hears of connections that are lost. One that is lent out at that moment has nobody else who listens, and unheard it would
 * end the process; whoever borrowed it learns it from their next question.
 */
export const hearLosses = (pool: Pool, lost: (err: Error) => void): Pool =>
  pool.on("error", lost).on("connect", (client) => client.on("error", () => {}));

/** Ends a pool; connections still borrowed after `ms` are left to die with the process. */
export const endWithin = async (pool: Pool, ms: number): Promise<void> => {
  const late = new AbortController();
  await Promise.race([pool.end(), sleep(ms, undefined, { signal: late.signal, ref: false }).catch(() => {})]);
  late.abort();
};
