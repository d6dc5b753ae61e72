import type { Ask, Flow, Slot } from "../../domain/pace.ts";

/** Where even flows stand, as the database keeps it. Real time. */
export interface PaceStore {
  /** `reserve` in `domain/pace.ts`, one transaction for all flows of the request. */
  reserve(ask: Ask, real: Date): Promise<readonly Slot[]>;
  /** Nothing more of this flow before so many microseconds have passed. */
  freeze(flow: Flow, micros: number, real: Date): Promise<void>;
}
