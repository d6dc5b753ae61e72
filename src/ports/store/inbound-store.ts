import type { InboundId } from "../../domain/ids.ts";
import type { PlatformName } from "../../domain/platform.ts";
import type { Incoming } from "../chat-platform.ts";
import type { Times } from "./delivery-store.ts";

export interface StoredIncoming {
  readonly id: InboundId;
  readonly platform: PlatformName;
  readonly incoming: Incoming;
  /** Service time: when it was stored, and with it when it counts. */
  readonly receivedAt: Date;
  /** This one included. */
  readonly attempts: number;
  /** It may be what kills its process. */
  readonly suspect: boolean;
}

/** What is not to be claimed. */
export interface ButClaim {
  /** These, which the claimant cannot read. */
  readonly not?: readonly InboundId[];
  /** Any that may kill its process: the claimant has one in hand. */
  readonly noSuspect?: boolean;
}

/** Something that could not be worked off: where it came from and when; what it says is closed. */
export interface ParkedEvent {
  readonly id: InboundId;
  readonly platform: string;
  readonly receivedAt: Date;
  readonly attempts: number;
}

export interface InboundStore {
  /** Null when this event was stored before. */
  put(incoming: Incoming, times: Times): Promise<InboundId | null>;
  /**
   * Claims up to `limit` events, leased until `until` (real time); of one sender only the oldest that is open, so that
   * each sender's events are worked off in order. One that was claimed twice and never finished may be what kills its
   * process: it comes alone, after all others, and at the sixth time it is parked instead.
   */
  claim(limit: number, until: Date, times: Times, but?: ButClaim): Promise<readonly StoredIncoming[]>;
  /** The further pieces of the album that an event is of, from the same sender and open, in the order of their coming. */
  album(
    id: InboundId,
    album: string,
  ): Promise<readonly { readonly id: InboundId; readonly media: Extract<Incoming["what"], { kind: "media" }> }[]>;
  /** Lets go of an event as if it had never been claimed; nobody claims it before `until` (real time). */
  giveBack(id: InboundId, until: Date): Promise<void>;
  /** Whether it was the database that failed, and not the event that is wrong. */
  isAway(error: unknown): boolean;
  /** Worked off. What the person said is forgotten; that the event was here is kept, so that it never counts twice. */
  done(id: InboundId): Promise<void>;
  /** Parks it after repeated failures, with what it says, so that the sender's later events go on. */
  fail(id: InboundId): Promise<void>;
  /** What is parked, the oldest first. */
  parked(): Promise<readonly ParkedEvent[]>;
  /** Everything that is parked waits again, with as many attempts as at first. Returns how many. */
  retry(): Promise<number>;
  /** Everything that is parked is given up: what was said is forgotten. Returns how many. */
  drop(): Promise<number>;
  /** Up to `limit` events that wait and that nobody holds, the oldest first. */
  waiting(limit: number, times: Times): Promise<readonly InboundId[]>;
  /** Whether an event is still to be worked off. */
  isOpen(platform: PlatformName, eventId: string): Promise<boolean>;
}
