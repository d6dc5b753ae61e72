import type { LedgerEvent } from "../ledger.ts";

/** An office, by its unit's code: "513401101" and "principal". */
export interface Office {
  readonly unit: string;
  readonly post: string;
  readonly deputy: boolean;
}

export type LeaveRefusal = "nobody-away" | "several-away" | "nobody-stands-in" | "same-person" | "past";

export interface LeaveStore {
  /**
   * Notes that the holder of an office is away between two moments (service time), and who stands in: the holder of another
   * office, or of the same one as deputy. `entry` makes the ledger's event from their uids.
   */
  grant(
    leave: { readonly away: Office; readonly by: Office; readonly from: Date; readonly until: Date },
    entry: (person: string, by: string) => LedgerEvent,
  ): Promise<"granted" | LeaveRefusal>;
}
