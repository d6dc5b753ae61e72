/** PostgreSQL cannot be reached; `place` is where it was looked for, without anything secret. */
export class NoAnswer extends Error {
  readonly place: string;
  readonly why: string;
  constructor(place: string, cause: Error & { code?: string }) {
    // Where a name has several addresses, the message is empty and the code tells what happened at all of them.
    const why = cause.message || cause.code || "";
    super(`PostgreSQL does not answer: ${why}`, { cause });
    this.place = place;
    this.why = why;
  }
}
