/** A stretch of two lists that is in both, only in the later, or only in the earlier one. */
export interface Step {
  readonly kind: "same" | "inserted" | "deleted";
  readonly values: readonly string[];
}

/** How texts fall into words, and how one list becomes another: what libraries know better than we do. */
export interface Wording {
  /** Words, with the spaces and signs between them; joined they are the text again. */
  words(text: string, locale: string): readonly string[];
  /** A short way from one list to the other. Lists that have little in common may be one deletion and one insertion. */
  steps(before: readonly string[], after: readonly string[]): readonly Step[];
}
