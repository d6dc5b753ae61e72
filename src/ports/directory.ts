/** Whom a platform's own list of people names, for files that name them otherwise than by the platform's ids. */
export interface Directory {
  /** By e-mail address in small letters, those who are there. Rejects where the platform does not answer. */
  byEmail(emails: readonly string[]): Promise<ReadonlyMap<string, string>>;
}
