import type { PlatformName } from "./platform.ts";

/** How far people were reached. `recipients` = queued + sent + inDoubt + failed, and `unreachable` is part of `failed`. */
export interface Reach {
  readonly recipients: number;
  readonly queued: number;
  readonly sent: number;
  /** Receipts; null where no platform involved gives any. */
  readonly delivered: number | null;
  readonly inDoubt: number;
  readonly failed: number;
  readonly unreachable: number;
  /** Who never got it because it was taken back in time; no part of `recipients`. */
  readonly stopped: number;
}

/** How far obligations were discharged. `late` and `byProxy` are part of `acknowledged`. */
export interface Discharge {
  readonly acknowledged: number;
  readonly late: number;
  readonly byProxy: number;
  readonly overdue: number;
}

/** `total` = fulfilled + open + overdue; `excluded` and `cancelled` stand apart. */
export interface UnitCount {
  readonly total: number;
  readonly fulfilled: number;
  readonly open: number;
  readonly overdue: number;
  readonly excluded: number;
  /** Units that still owed something when the notice ended. */
  readonly cancelled: number;
}

/** Where a notice stands, as `coverage --json` prints it. */
export interface Coverage extends Reach, Discharge {
  /** Part of `inDoubt`: what a restore found unsent, and nobody but an operator sends. */
  readonly held: number;
  readonly number: string;
  readonly title: string;
  readonly status: string;
  readonly urgency: string;
  readonly ack: string;
  readonly publishedAt: Date;
  readonly dueAt: Date | null;
  /** Its year's holidays are not announced: the due time may still change. */
  readonly dueProvisional: boolean;
  /** Counted from 1; a notice that supersedes another has the next one. */
  readonly version: number;
  readonly supersedes: string | null;
  readonly supersededBy: string | null;
  /** When it was recalled or superseded, and why it was recalled. */
  readonly endedAt: Date | null;
  readonly reason: string | null;
  readonly units: UnitCount;
  readonly byPlatform: Readonly<
    Partial<Record<PlatformName, Pick<Reach, "recipients" | "sent" | "failed" | "delivered">>>
  >;
  readonly lastMile: { readonly p50Seconds: number | null; readonly p95Seconds: number | null };
}

/** One unit of the tree, with the sums of itself and all below it. */
export interface CoverageBranch extends UnitCount {
  readonly code: string;
  readonly name: string;
  readonly depth: number;
  /** Units fulfilled by proxy; part of `fulfilled`. */
  readonly byProxy: number;
  readonly unreachable: number;
  /** Whether there is more to see below it. */
  readonly hasBelow: boolean;
}
