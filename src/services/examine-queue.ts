import type { Finding } from "../dialogue/finding.ts";
import { fine, warning, wrong } from "../dialogue/finding.ts";
import { faultLine } from "../domain/fault-line.ts";
import { holeOf } from "../domain/known-holes.ts";
import type { Queue } from "../ports/queue.ts";
import type { QueueFacts } from "../ports/server-facts.ts";

const NEARLY_FULL = 0.9;

const keeping = ({ product, policy, persists, writesFail, full }: QueueFacts): readonly Finding[] => [
  ...(policy !== null && policy !== "noeviction" ? [warning("queue.evicts", { product, policy })] : []),
  ...(persists === false ? [warning("queue.volatile", { product })] : []),
  ...(policy === null || persists === null ? [warning("queue.hidden", { product })] : []),
  ...(writesFail ? [wrong("queue.writes-fail", { product })] : []),
  ...(full !== null && full > NEARLY_FULL ? [warning("queue.full", { product, percent: Math.floor(full * 100) })] : []),
];

/** Whether hints get through, and whether what carries them can be leaned on. */
export const examineQueue = async (queue: Pick<Queue, "ping" | "facts">): Promise<readonly Finding[]> => {
  try {
    await queue.ping();
  } catch (error) {
    return [wrong("queue.down", { why: faultLine(error) })];
  }
  const facts = await queue.facts();
  if (facts === null) return [fine("queue.database")];
  const { product, version, old } = facts;
  const hole = holeOf(product, version);
  return [
    fine("queue.ok", { product, version }),
    ...(old ? [wrong("queue.old", { product, version })] : []),
    ...(hole ? [warning("queue.hole", { product, version, hole: hole.name, mended: hole.mendedIn })] : []),
    ...keeping(facts),
  ];
};
