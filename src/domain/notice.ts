import type { Due } from "./due.ts";
import type { Rung } from "./ladder.ts";
import type { Locale } from "./language.ts";

export const URGENCIES = ["routine", "priority", "urgent", "flash"] as const;
export const ACKS = ["none", "read", "undertake", "evidence"] as const;
export const NOTICE_STATES = ["published", "superseded", "recalled", "closed"] as const;

export type Urgency = (typeof URGENCIES)[number];
export type Ack = (typeof ACKS)[number];
export type NoticeState = (typeof NOTICE_STATES)[number];

/** When a unit has done its part: all of its people, any one of those asked, or `needed` of them. */
export type Closing =
  | { readonly kind: "everyone" }
  | { readonly kind: "each-unit" }
  | { readonly kind: "quorum"; readonly needed: number };

/** One language version. `hash` is the SHA-256 of its canonical bytes, in hexadecimal. */
export interface NoticeText {
  readonly locale: Locale;
  readonly title: string;
  /** Markdown without the title. */
  readonly body: string;
  readonly hash: string;
}

/** A notice as its file says it, checked. */
export interface NoticeDraft {
  readonly number: string;
  readonly issuerCode: string;
  readonly urgency: Urgency;
  readonly ack: Ack;
  readonly due: Due | null;
  readonly audience: string;
  readonly closing: Closing;
  readonly reminders: readonly Rung[];
  /** The first version is the one that people read who have none of the others. */
  readonly texts: readonly [NoticeText, ...NoticeText[]];
  readonly contentHash: string;
}

const NUMBER = /^(.{1,20}?)\s*[〔[［]\s*(\d{4})\s*[〕\]］]\s*(\d{1,4})\s*号$/u;

/** Full-width digits, as input methods write them. */
const plainDigits = (text: string): string =>
  text.replace(/[０-９]/gu, (digit) => String(digit.charCodeAt(0) - "０".charCodeAt(0)));

/**
 * Document number, issuer〔year〕1–4 digits号 (党政机关公文格式 GB/T 9704-2012 §7.2.5); square brackets are accepted and
 * written as hexagonal ones, full-width digits as plain ones. Null when it is not one.
 */
export const normaliseNumber = (text: string): string | null => {
  const [, issuer, year, serial] = NUMBER.exec(plainDigits(text).normalize("NFC").trim()) ?? [];
  return issuer && year && serial ? `${issuer.trim()}〔${year}〕${serial}号` : null;
};

/** What people call it by: the 17 of "17号". */
export const shortNumber = (number: string): string => /(\d{1,4})号$/.exec(number)?.[1] ?? number;
