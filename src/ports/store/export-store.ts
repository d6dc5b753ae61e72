import type { PostName } from "../../domain/post.ts";
import type { UnitFacts } from "../../domain/unit.ts";
import type { LedgerEvent } from "../ledger.ts";

/**
 * The rows after one key and up to another, ascending, at most `limit`; within one unit and all below it where `under`
 * names a code. Keys are numbers that the database gave when a thing was first written, so the order never changes.
 */
export interface Stretch {
  readonly after: bigint;
  readonly upTo: bigint;
  readonly limit: number;
  readonly under: string | null;
}

/** How many rows there are now, and the key of the last of them; what comes later is not among them. */
export interface Extent {
  readonly rows: number;
  readonly upTo: bigint;
}

/** A person in one post, opened. */
export interface Holder {
  /** The post's. */
  readonly key: bigint;
  readonly name: string;
  readonly unit: string;
  readonly post: PostName;
  readonly deputy: boolean;
  /** Whether this is the first of the person's posts. */
  readonly isFirst: boolean;
  readonly locale: string | null;
  /** E.164. */
  readonly phone: string | null;
  /** Those that work go before those that do not any more. */
  readonly accounts: readonly { readonly platform: string; readonly address: string; readonly gone: boolean }[];
}

export interface UnitOnRecord extends UnitFacts {
  readonly key: bigint;
  readonly parent: string | null;
}

/** An answer that stands; a person who has been erased has no name. */
export interface AnswerGiven {
  readonly name: string | null;
  readonly how: string;
  readonly at: Date;
}

/** One unit under one notice: the sums over `coverage_fact`, and what explains them. */
export interface UnitCoverage {
  /** The unit's. */
  readonly key: bigint;
  readonly code: string;
  readonly name: string;
  readonly parent: string | null;
  readonly owed: number;
  readonly fulfilled: number;
  readonly overdue: number;
  readonly late: number;
  readonly byProxy: number;
  readonly excused: number;
  readonly isOverdue: boolean;
  readonly dueAt: Date | null;
  readonly fulfilledAt: Date | null;
  readonly recipients: number;
  readonly queued: number;
  readonly sent: number;
  readonly delivered: number;
  readonly inDoubt: number;
  readonly failed: number;
  readonly unreachable: number;
  readonly platforms: readonly string[];
  readonly excuses: readonly string[];
  /** The first few, oldest first. */
  readonly answers: readonly AnswerGiven[];
}

/** Everything that leaves as a table. Each stretch is one statement, true of one moment; null is an unknown `under`. */
export interface ExportStore {
  holderExtent(under: string | null): Promise<Extent | null>;
  holders(stretch: Stretch): Promise<readonly Holder[]>;
  unitExtent(under: string | null): Promise<Extent | null>;
  units(stretch: Stretch): Promise<readonly UnitOnRecord[]>;
  /** The numbers of all notices, oldest first. */
  notices(): Promise<readonly string[]>;
  coverageExtent(number: string, under: string | null): Promise<Extent | null>;
  /** `now` is service time and decides what is overdue. */
  coverage(number: string, stretch: Stretch, now: Date): Promise<readonly UnitCoverage[]>;
  /** Tells the ledger that something left. */
  tell(event: LedgerEvent): Promise<void>;
}
