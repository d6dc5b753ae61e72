import type { Clock } from "../ports/clock.ts";
import type { Log } from "../ports/log.ts";
import type { ChaseStore, ClockAudit } from "../ports/store/chase-store.ts";

export interface AuditParts {
  readonly chase: Pick<ChaseStore, "audit" | "restart">;
  /** Tells somebody outside that all is well; null for nobody. */
  readonly heartbeat: (() => Promise<void>) | null;
  readonly clock: Pick<Clock, "now">;
  readonly log: Log;
}

/** A rung that is due this long and not decided is late beyond any busy moment. */
const LATE_MS = 60_000;

/** Whether every open obligation has its next time, and what was promised is done. */
const isWell = ({ late, lateSince, stuck, untold }: ClockAudit, now: Date): boolean =>
  stuck === 0 && untold === 0 && (late === 0 || lateSince === null || now.getTime() - lateSince.getTime() < LATE_MS);

/** Proves that every clock goes, starts again those that stand still, and tells the outside only while all is well. */
export const auditClocks = async ({ chase, heartbeat, clock, log }: AuditParts): Promise<ClockAudit> => {
  const now = clock.now();
  const found = await chase.audit(now);
  if (found.stuck > 0) log.error("clocks-restarted", { count: await chase.restart(now) });
  if (isWell(found, now)) await heartbeat?.().catch((err) => log.warn("heartbeat-failed", { err }));
  else log.error("clock-behind", { late: found.late, stuck: found.stuck, untold: found.untold });
  return found;
};
