import type { Pool } from "pg";
import type { Log } from "../ports/log.ts";
import type { Database } from "./database.ts";

/** Real time as the database tells it, so that processes on machines with different clocks agree. */
export interface DatabaseClock {
  real(): Date;
  stop(): void;
}

/** An answer that took longer says too little about when it was given. */
const SLOW_MS = 1_000;
/** The clock waits this far for a database that turned out to be behind; beyond it, it jumps back. */
const PATIENT_MS = 2_000;

/** The database's time at monotonic zero, and how far that may be off; null where the answer took too long. */
const measure = async (pool: Pool): Promise<{ readonly zero: number; readonly doubt: number } | null> => {
  const before = performance.now();
  const { rows } = await pool.query<{ ms: string }>(
    "SELECT (extract(epoch FROM clock_timestamp()) * 1000)::text AS ms",
  );
  const after = performance.now();
  if (after - before > SLOW_MS) return null;
  return { zero: Number(rows[0]?.ms) - (before + after) / 2, doubt: (after - before) / 2 };
};

/** The most precise of three answers. */
export const databaseTime = async (pool: Pool) => {
  const samples = [await measure(pool), await measure(pool), await measure(pool)];
  return samples.filter((sample) => sample !== null).sort((a, b) => a.doubt - b.doubt)[0] ?? null;
};

/**
 * Measures the database's clock now and every `everyMs`, halving the round trip: so short that where it jumps, processes
 * disagree about their leases for no longer than a sweep or two. Time never runs backwards for small
 * corrections: it stands still until the database has caught up. The embedded database's clock is this machine's.
 */
export const databaseClock = async (
  { kind, pool }: Pick<Database, "kind" | "pool">,
  log: Log,
  everyMs = 5_000,
): Promise<DatabaseClock> => {
  if (kind === "embedded") return { real: () => new Date(), stop: () => {} };
  let zero = (await databaseTime(pool))?.zero ?? Date.now() - performance.now();
  let shown = 0;
  const follow = async () => {
    const found = await databaseTime(pool);
    if (!found || Math.abs(found.zero - zero) <= found.doubt) return;
    const correction = found.zero - zero;
    zero = found.zero;
    if (Math.abs(correction) > PATIENT_MS) log.warn("clock-jumped", { ms: Math.round(correction) });
  };
  const timer = setInterval(() => {
    follow().catch((err: unknown) => log.warn("clock-not-measured", { err }));
  }, everyMs);
  timer.unref();
  return {
    real: () => {
      const time = zero + performance.now();
      shown = shown - time > PATIENT_MS ? time : Math.max(shown, time);
      return new Date(shown);
    },
    stop: () => clearInterval(timer),
  };
};
