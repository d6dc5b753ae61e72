import type { InboundId } from "../../domain/ids.ts";
import type { Incoming } from "../chat-platform.ts";
import type { Times } from "./delivery-store.ts";

export interface StoredIncoming {
  readonly id: InboundId;
  readonly incoming: Incoming;
  readonly attempts: number;
}

export interface InboundStore {
  /** Null when this event was stored before. */
  put(incoming: Incoming, times: Times): Promise<InboundId | null>;
  /**
   * Claims up to `limit` events, leased until `until` (real time); of one sender only the oldest that is open, so that
   * each sender's events are worked off in order.
   */
  claim(limit: number, until: Date, times: Times): Promise<readonly StoredIncoming[]>;
  /** Worked off. */
  done(id: InboundId): Promise<void>;
  /** Gives it up after repeated failures, so that the sender's later events go on. */
  fail(id: InboundId): Promise<void>;
  /** Whether an event is still to be worked off. */
  isOpen(platform: string, eventId: string): Promise<boolean>;
}
