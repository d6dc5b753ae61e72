import type { Step } from "../../domain/ladder.ts";
import type { PushHours } from "../calendar.ts";

/**
 * When things happen for the units between these bounds of the tree. The whole tree's stands first, and of several that fit
 * the last one counts.
 */
export interface Timetable {
  readonly lft: number;
  readonly rgt: number;
  readonly dueAt: Date | null;
  readonly provisional: boolean;
  /** The same of the due time or any of the rungs. */
  readonly ladderProvisional: boolean;
  /** The ladder, from its first rung that is still to come. */
  readonly steps: readonly Step[];
  readonly hours: PushHours;
}

/** What the hours are for the units between these bounds. */
export interface HoursOfUnits {
  readonly lft: number;
  readonly rgt: number;
  readonly hours: PushHours;
}
