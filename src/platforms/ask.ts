import type { Clock } from "../ports/clock.ts";

/** What became of a call that only matters as a whole: `why` is the platform's own word; `status` null where there was no answer. */
export type Asked<Result> =
  | { readonly ok: true; readonly result: Result }
  | { readonly ok: false; readonly status: number | null; readonly why: string };

/** So long such a call may take where nobody says otherwise. */
export const ASK_MS = 10_000;

/** Ends a request at a real moment, whatever has become of it. */
export const endingAt = (deadline: Date, clock: Pick<Clock, "real">): AbortSignal =>
  AbortSignal.timeout(Math.max(0, deadline.getTime() - clock.real().getTime()));
