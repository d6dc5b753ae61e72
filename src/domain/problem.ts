import type { AudienceError } from "./audience.ts";

/** What can be wrong with a file that an operator hands in. Each has its words in the locales, under `problem.`. */
export type ReasonKind =
  | "unreadable"
  | "not-text"
  | "utf-16"
  | "not-a-table"
  | "spreadsheet-large"
  | "spreadsheet-too-much"
  | "spreadsheet-locked"
  | "spreadsheet-other"
  | "spreadsheet-broken"
  | "cell-formula"
  | "cell-digits"
  | "cell-date"
  | "cell-error"
  | "empty-file"
  | "unknown-table"
  | "missing-column"
  | "repeated-column"
  | "broken-quote"
  | "row-too-long"
  | "cell-count"
  | "file-changed"
  | "empty"
  | "too-long"
  | "unknown-word"
  | "bad-code"
  | "bad-division"
  | "bad-phone"
  | "bad-id"
  | "unknown-email"
  | "foreign-email"
  | "emails-unanswered"
  | "duplicate-code"
  | "unknown-parent"
  | "cycle"
  | "second-root"
  | "unknown-unit"
  | "phone-of-another"
  | "account-of-another"
  | "account-with-another-phone"
  | "two-on-record"
  | "cannot-tell-apart"
  | "cannot-tell-apart-on-record"
  | "no-front-matter"
  | "bad-yaml"
  | "unknown-key"
  | "repeated-key"
  | "missing-key"
  | "not-one-value"
  | "bad-number"
  | "bad-due"
  | "bad-hours"
  | "hours-of-rest"
  | "bad-zone"
  | "bad-days"
  | "due-needed"
  | "bad-reminder"
  | "bad-closing"
  | `audience-${AudienceError["problem"]}`
  | "supersedes"
  | "supersedes-other"
  | "no-words"
  | "no-title"
  | "unknown-locale"
  | "repeated-locale"
  | "markdown-html"
  | "markdown-image"
  | "markdown-link"
  | "markdown-much";

/** Why something was refused, to be put into words later. */
export interface Reason {
  readonly kind: ReasonKind;
  readonly values: Readonly<Record<string, string | number>>;
}

/** One thing that is wrong in a file, and where. */
export interface Problem {
  readonly file: string;
  /** As an editor counts: from 1, a table's header included. Null when it concerns the file as a whole. */
  readonly line: number | null;
  /** The header's name of the column, or the key of the front matter. */
  readonly column: string | null;
  /** The character of the line at which it is wrong, from 1, where that is known. */
  readonly position: number | null;
  /** What stands there, cut short. */
  readonly value: string | null;
  readonly reason: Reason;
}

export interface Place {
  readonly file: string;
  readonly line: number;
}

const MOST_SHOWN = 60;

export const reason = (kind: ReasonKind, values: Reason["values"] = {}): Reason => ({ kind, values });

/** A problem at a place; everything that is not known about it is null. */
export const problem = (
  at: { readonly file: string; readonly line: number | null },
  why: Reason,
  what: Partial<Pick<Problem, "column" | "position" | "value">> = {},
): Problem => ({
  file: at.file,
  line: at.line,
  column: what.column ?? null,
  position: what.position ?? null,
  value: what.value == null ? null : Array.from(what.value).slice(0, MOST_SHOWN).join(""),
  reason: why,
});

/** How a problem speaks of another line: "people.csv:12". */
export const placeName = (place: Place): string => `${place.file}:${place.line}`;
