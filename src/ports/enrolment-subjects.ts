interface AboutEnrolment {
  readonly enrolment: string;
  readonly unit: string;
  readonly post: string;
  readonly person: string;
}

/** What the ledger is told of people who come in by a code, by kind. Numbers are decimal strings. */
export interface EnrolmentSubjects {
  /** A code was made that lets `uses` people into an office (`post`, or `deputy:post`) of a unit; or taken back. */
  readonly invited: {
    readonly invitation: string;
    readonly unit: string;
    readonly post: string;
    readonly uses: string;
  };
  readonly "invitation-revoked": { readonly invitation: string; readonly unit: string; readonly post: string };
  /**
   * The actor holds the office from now on and is reached on that platform. `as` says whether they are somebody on record or
   * somebody new; `privacy` is the version of the words that they agreed to, empty where they had before.
   */
  readonly enrolled: {
    readonly invitation: string;
    readonly unit: string;
    readonly post: string;
    readonly platform: string;
    readonly as: "known" | "new";
    readonly privacy: string;
  };
  /** Somebody let another person into an office, or did not. `person` is the uid under which that one had written. */
  readonly "enrolment-approved": AboutEnrolment;
  readonly "enrolment-refused": AboutEnrolment;
}
