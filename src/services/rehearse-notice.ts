import type { NoticeDraft } from "../domain/notice.ts";
import type { ChaseStore, Rehearsed } from "../ports/store/chase-store.ts";
import { type PrepareParts, type PublishRefusal, prepareNotice } from "./publish-notice.ts";
import { hoursNow } from "./timetables.ts";

export interface RehearseParts extends PrepareParts {
  readonly chase: Pick<ChaseStore, "rehearse">;
}

/** Everything that would be sent for a notice if nobody ever answered, and when. Writes nothing. */
export const rehearseNotice = async (
  parts: RehearseParts,
  draft: NoticeDraft,
  at: Date | null,
): Promise<{ readonly kind: "rehearsed"; readonly timeline: readonly Rehearsed[] } | PublishRefusal> => {
  const prepared = await prepareNotice(parts, draft, at);
  if (!("publication" in prepared)) return prepared;
  const calendars = await parts.calendars();
  const { platforms } = parts;
  const timeline = await parts.chase.rehearse(prepared.publication, {
    look: (now, only) => ({ now, hours: hoursNow(calendars, now), platforms, only }),
    nextTurn: (now) => new Date(Math.min(...calendars.map(({ calendar }) => calendar.nextTurn(now).getTime()))),
  });
  if (timeline === "number-taken" || timeline === "nobody") return { kind: timeline, number: draft.number };
  return { kind: "rehearsed", timeline };
};
