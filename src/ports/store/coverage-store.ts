import type { Coverage, CoverageBranch } from "../../domain/coverage.ts";

/** Where notices stand. Every figure is a sum over one view; `now` is service time and decides what is overdue. */
export interface CoverageStore {
  /** Null for a number that was never published. */
  coverage(number: string, now: Date): Promise<Coverage | null>;
  /**
   * A unit and its immediate children, each with the sums of itself and all below it, only where the notice concerns
   * any of them. Without a code: the lowest unit that holds all that are concerned. Null for an unknown number or code.
   */
  tree(number: string, code: string | null, now: Date): Promise<readonly CoverageBranch[] | null>;
  /** The numbers of the latest notices, newest first. */
  numbers(limit: number): Promise<readonly string[]>;
}
