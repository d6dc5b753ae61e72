import type { Clock } from "../ports/clock.ts";
import type { LeaveRefusal, LeaveStore, Office } from "../ports/store/leave-store.ts";

export interface LeaveParts {
  readonly leaves: LeaveStore;
  readonly clock: Pick<Clock, "now">;
}

/** Somebody is away, and somebody else is asked in their place. Without an office for `by` it is their deputy. */
export const grantLeave = (
  { leaves, clock }: LeaveParts,
  {
    away,
    by,
    from,
    until,
  }: { readonly away: Office; readonly by: Office | null; readonly from: Date; readonly until: Date },
): Promise<"granted" | LeaveRefusal> => {
  const now = clock.now();
  if (until <= now) return Promise.resolve("past");
  return leaves.grant({ away, by: by ?? { ...away, deputy: true }, from, until }, (person, other) => ({
    kind: "stand-in",
    at: now,
    actor: "operator",
    subject: { person, by: other, from: from.toISOString(), until: until.toISOString() },
    contentHash: null,
    how: "command",
  }));
};
