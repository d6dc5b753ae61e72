/**
 * What is wrong with an entry: not there, one too many, its words or its leaf changed, taken from elsewhere or put in (its
 * words and leaf agree, but not with its place), no entry at all, or under no signed head.
 */
export type EntryFault = "missing" | "extra" | "body" | "leaf" | "place" | "unreadable" | "unsigned";

/** What is wrong with a head: not ours or altered, or its columns or its root are not those of the entries. */
export type HeadFault = "signature" | "size" | "root" | "range";

/** How the tables differ from what the ledger says about a notice. */
export type Difference =
  | { readonly kind: "obligations"; readonly ledger: number; readonly table: number }
  | { readonly kind: "only-in-ledger" | "only-in-table"; readonly obligation: bigint }
  | { readonly kind: "cancelled"; readonly ledger: number; readonly table: number }
  | { readonly kind: "over-in-ledger" | "over-in-table" | "other-end" }
  | { readonly kind: "no-publication" | "no-notice" };

/** The last restore that a ledger tells of: when, and how many entries the backup's head covered. */
export interface RestoreMark {
  /** ISO. */
  readonly at: string;
  readonly entries: string;
}

/** What became of verifying the ledger. */
export type Verdict =
  | {
      readonly kind: "proven";
      readonly entries: bigint;
      readonly heads: number;
      /** Written but not yet sealed. */
      readonly unsealed: number;
      readonly notices: number;
      /** The last signed head, to keep elsewhere; null while the ledger is empty. */
      readonly head: string | null;
    }
  | { readonly kind: "broken"; readonly at: bigint; readonly why: EntryFault }
  | { readonly kind: "broken-head"; readonly size: bigint; readonly why: HeadFault }
  | {
      readonly kind: "truncated";
      readonly entries: bigint;
      readonly saved: bigint;
      /** Explains it, where the saved head is later than the backup. */
      readonly restored?: RestoreMark;
    }
  /** The saved head is ours, but these are not the entries that it was signed over. */
  | { readonly kind: "diverged"; readonly saved: bigint; readonly restored?: RestoreMark }
  /** What was given as a saved head is none of this ledger's. */
  | { readonly kind: "foreign-head" }
  | { readonly kind: "mismatch"; readonly notice: string; readonly difference: Difference };
