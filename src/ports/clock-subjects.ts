/** What the clock tells the ledger, and what is told about it. Numbers are decimal strings. */
export interface ClockSubjects {
  /** So many people were told at an hour at which nobody is disturbed otherwise, for a reason: "urgent", "flash", "legal-clock". */
  readonly disturbed: { readonly notice: string; readonly reason: string; readonly people: string };
  /**
   * When it is due was computed anew, because the holidays of a year were announced that nobody had known; both times in
   * ISO, `obligations` how many of its obligations were open.
   */
  readonly rescheduled: {
    readonly notice: string;
    readonly from: string;
    readonly to: string;
    readonly obligations: string;
  };
  /** Somebody was phoned or visited about an obligation because no message had helped: `deed` is "phone" or "visit". */
  readonly "task-done": {
    readonly notice: string;
    readonly obligation: string;
    readonly unit: string;
    readonly deed: string;
  };
  /** Who is away and who stands in, by uid; ISO times. */
  readonly "stand-in": { readonly person: string; readonly by: string; readonly from: string; readonly until: string };
}
