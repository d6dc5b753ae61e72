import type { Timetable } from "../ports/store/timetable.ts";
import type { Prisma } from "./generated/client.ts";
import type { Column } from "./innermost.ts";

type Tx = Prisma.TransactionClient;

/** A timetable, and the plan in which its ladder is kept; none where nobody is ever chased. */
export interface Planned extends Timetable {
  readonly plan: bigint | null;
}

const writeSteps = (tx: Tx, plan: bigint, { steps }: Timetable, first: number) =>
  tx.planStep.createMany({
    data: steps.map(({ at, deeds, anyHour }, nth) => ({
      planId: plan,
      step: first + nth,
      at,
      deeds: [...deeds],
      anyHour,
    })),
  });

/** Keeps the ladders of a notice as they are now; their steps are numbered from `first`. */
export const writePlans = async (
  tx: Tx,
  noticeId: bigint,
  timetables: readonly Timetable[],
  first = 0,
): Promise<readonly Planned[]> => {
  const planned: Planned[] = [];
  for (const table of timetables) {
    const { lft, rgt, dueAt, ladderProvisional: provisional, steps } = table;
    if (!dueAt || steps.length === 0) planned.push({ ...table, plan: null });
    else {
      const { id } = await tx.plan.create({ data: { noticeId, lft, rgt, dueAt, provisional } });
      await writeSteps(tx, id, table, first);
      planned.push({ ...table, plan: id });
    }
  }
  return planned;
};

/** What an obligation takes from its plan. */
export const PLAN_COLUMNS: readonly Column<Planned>[] = [
  { name: "due_at", type: "timestamptz", of: ({ dueAt }) => dueAt },
  { name: "plan_id", type: "bigint", of: ({ plan }) => plan },
  { name: "next_at", type: "timestamptz", of: ({ steps, plan }) => (plan === null ? null : (steps[0]?.at ?? null)) },
];
