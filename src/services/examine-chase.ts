import type { Finding } from "../dialogue/finding.ts";
import { fine, warning, wrong } from "../dialogue/finding.ts";
import type { ChaseStore } from "../ports/store/chase-store.ts";

/** Minutes that a rung may be late before somebody should look. */
const LATE_MINUTES = 2;

/** Whether every open obligation has its next time, and what was promised was done. */
export const examineChase = async (chase: Pick<ChaseStore, "audit">, now: Date): Promise<readonly Finding[]> => {
  const { open, late, lateSince, stuck, untold } = await chase.audit(now);
  const minutes = lateSince === null ? 0 : Math.floor((now.getTime() - lateSince.getTime()) / 60_000);
  const found = [
    ...(stuck > 0 ? [wrong("chase.stuck", { count: stuck })] : []),
    ...(minutes >= LATE_MINUTES ? [wrong("chase.late", { count: late, minutes })] : []),
    ...(untold > 0 ? [warning("chase.untold", { count: untold })] : []),
  ];
  return found.length > 0 ? found : [fine("chase.ok", { count: open })];
};
