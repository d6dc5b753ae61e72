import type { PlatformName } from "../../domain/platform.ts";
import type { LedgerEvent } from "../ledger.ts";
import type { Publication, Unpublished } from "./notice-store.ts";
import type { HoursOfUnits } from "./timetable.ts";

/** One look of the clock at what is due. */
export interface Look {
  /** Service time. */
  readonly now: Date;
  /** When people may be disturbed now; the whole tree's first. */
  readonly hours: readonly [HoursOfUnits, ...HoursOfUnits[]];
  /** In order of preference. */
  readonly platforms: readonly PlatformName[];
  /** The one notice that is looked at, for a dry run; null for all. */
  readonly only: bigint | null;
}

/** Messages that come at an hour at which nobody is disturbed otherwise. */
export interface Disturbed {
  readonly notice: string;
  readonly reason: string;
  readonly people: number;
}

export interface Decided {
  /** Rungs that were decided. */
  readonly rungs: number;
  /** Messages that were written for them, whether they go out now or with a digest. */
  readonly messages: number;
}

/** What the clock promised, and whether it keeps it. */
export interface ClockAudit {
  /** Open obligations with a ladder. */
  readonly open: number;
  /** Rungs that are due and not decided, and since when the oldest is. */
  readonly late: number;
  readonly lateSince: Date | null;
  /** Open obligations that have a rung to come and no time for it: their clock stands still. */
  readonly stuck: number;
  /** Messages that wait for a digest since before the last one that should have told them. */
  readonly untold: number;
}

/** Something that would be sent at a moment, to how many. */
export interface Rehearsed {
  readonly at: Date;
  readonly kind: string;
  readonly people: number;
  readonly units: number;
  /** 1: to the unit above; 2: to the one above that. */
  readonly level: number;
  readonly bypass: string | null;
}

/** How a notice is lived through before it is published. */
export interface Rehearsal {
  look(now: Date, notice: bigint): Look;
  /** The next moment, after this one, at which a digest may go out, or hours begin or end. */
  nextTurn(now: Date): Date;
}

/** The clock. Each method is one transaction, harmless however often and by however many processes. */
export interface ChaseStore {
  /**
   * Decides what is due, up to `most` rungs, and writes the messages. Of several rungs of one obligation that are overdue
   * the latest alone is decided. `entries` makes the ledger's events of whom it disturbs.
   */
  decide(look: Look, most: number, entries: (disturbed: Disturbed) => LedgerEvent): Promise<Decided>;
  /** What could not go out in the hours it was meant for is told in the next digest. Returns how many. */
  fold(now: Date): Promise<number>;
  /** The digests of today where it is time for them and they were not written yet. Returns how many. */
  digest(look: Look): Promise<number>;
  /** What a digest told that has been sent is sent. Returns how many. */
  told(now: Date): Promise<number>;
  /** Somebody has to call where a notice has reached nobody. Returns for how many. */
  callUnreached(look: Look): Promise<number>;
  /** Moments within the time until then at which something is due, the earliest first; each once, a hundred at most. */
  coming(now: Date, until: Date): Promise<readonly Date[]>;
  /** Whoever stands in for somebody who is away is asked for what they owe. Returns for how many obligations. */
  standIn(look: Look): Promise<number>;
  /** Everything that would happen to a notice if nobody answered, by the same statements, rolled back. */
  rehearse(publication: Publication, how: Rehearsal): Promise<readonly Rehearsed[] | Unpublished>;
  /** Starts clocks again that stand still. Returns how many. */
  restart(now: Date): Promise<number>;
  audit(now: Date): Promise<ClockAudit>;
}
