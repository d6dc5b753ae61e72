import type { Phrase, PhraseKey } from "./phrase.ts";
import { phrase } from "./phrase.ts";

type Mended<Key> = Key extends `doctor.${infer Code}.mend` ? Code : never;
/** Something that may be wrong: the locales hold what it is, and under `.mend` what to do about it. */
export type Complaint = Mended<PhraseKey>;
type Known<Key> = Key extends `doctor.${infer Code}` ? Code : never;
type Praise = Exclude<Known<PhraseKey>, Complaint | `${Complaint}.mend`>;

/** What `doctor` found: in one line what is so, and in one line what to mend. */
export interface Finding {
  readonly level: "ok" | "warning" | "problem";
  /** What was looked at and what was found, as "queue.volatile": stable, for scripts. */
  readonly code: string;
  readonly what: Phrase;
  readonly mend: Phrase | null;
}

const complaint = (level: "warning" | "problem", code: Complaint, values: Phrase["values"]): Finding => ({
  level,
  code,
  what: phrase(`doctor.${code}`, values),
  mend: phrase(`doctor.${code}.mend`, values),
});

export const fine = (code: Praise, values: Phrase["values"] = {}): Finding => ({
  level: "ok",
  code,
  what: phrase(`doctor.${code}`, values),
  mend: null,
});

/** It works, and an administrator should know. */
export const warning = (code: Complaint, values: Phrase["values"] = {}): Finding => complaint("warning", code, values);

/** It does not work, or will hurt. */
export const wrong = (code: Complaint, values: Phrase["values"] = {}): Finding => complaint("problem", code, values);
