import type { Ask, Flow, Slot } from "../domain/pace.ts";

/** Slots within what the platforms let through, shared by all processes. */
export interface Limiter {
  /** A slot, or a wait, for each in turn (`reserve` in `domain/pace.ts`). Rejects when whoever keeps the flows is away. */
  reserve(ask: Ask): Promise<readonly Slot[]>;
  /** Nothing more of this flow before so many microseconds have passed. */
  freeze(flow: Flow, micros: number): Promise<void>;
  close(): Promise<void>;
}
