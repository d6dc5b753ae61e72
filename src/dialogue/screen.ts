import type { Block } from "../domain/content.ts";
import type { DeliveryId, DraftId } from "../domain/ids.ts";
import type { Locale } from "../domain/language.ts";
import type { Action } from "./action.ts";
import type { Phrase } from "./phrase.ts";

export interface Button<Words> {
  readonly label: Words;
  readonly action: Action;
  /** The one that acknowledges; it stands first and alone on its row. */
  readonly primary: boolean;
  /** A sentence that must come with the press: its prompt. The web shows a field; others ask it as a question. */
  readonly asks: Words | null;
}

/** An entry of a list: what it is, where it stands, and its own button. */
export interface Item<Words> {
  readonly title: Words;
  readonly detail: Words | null;
  readonly button: Button<Words> | null;
}

/** What a person should see. `Words` are phrases until a language is chosen, then strings. */
export interface Screen<Words> {
  /** Where it stands for this person, above everything else: "✅ 周建国 10:05 已认领". */
  readonly standing: { readonly words: Words; readonly tone: "done" | "late" | "ended" | "now" } | null;
  /** Urgency is a word, never a colour: 加急 is outlined, 特急 and 特提 are solid. */
  readonly urgency: { readonly words: Words; readonly weight: "outline" | "solid" } | null;
  readonly number: string | null;
  /** The title as its author wrote it, and the language it is in. */
  readonly title: { readonly text: string; readonly locale: Locale } | null;
  /** Our own words before the author's: that these are the changes of a new version. */
  readonly lead: Words | null;
  /** The author's words for the card itself; `rest` is everything, for "read it all", where that is more. */
  readonly content: {
    readonly short: readonly Block[];
    readonly rest: readonly Block[] | null;
    /** Where a platform cannot fold a text itself: whose text it is, and which page of it stands open, 0 for none. */
    readonly open: { readonly delivery: DeliveryId; readonly page: number } | null;
  } | null;
  /** Our own words, a paragraph each. */
  readonly lines: readonly Words[];
  readonly items: readonly Item<Words>[];
  /** When it is due and how long it takes. */
  readonly due: { readonly words: Words; readonly late: boolean } | null;
  /** Small print: why it came to this person, that it is a repeat, that the language is not theirs. */
  readonly notes: readonly Words[];
  readonly buttons: readonly Button<Words>[];
  /** The form that goes on behind this question, where there is more to it than this question; a platform may show it whole. */
  readonly form: DraftId | null;
  /** What a notification or a screen reader says first. */
  readonly fallback: Words;
}

/** A screen in one language: what a platform draws. */
export interface Card extends Screen<string> {
  readonly locale: Locale;
}

/** A screen with nothing on it but what it is given. */
export const screen = (parts: Partial<Screen<Phrase>> & Pick<Screen<Phrase>, "fallback">): Screen<Phrase> => ({
  standing: null,
  urgency: null,
  number: null,
  title: null,
  lead: null,
  content: null,
  lines: [],
  items: [],
  due: null,
  notes: [],
  buttons: [],
  form: null,
  ...parts,
});
