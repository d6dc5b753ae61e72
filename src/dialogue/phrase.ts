type Messages = typeof import("../../locales/en.json", { with: { type: "json" }});

/** Every key of the locales; a missing one is a compile error. */
export type PhraseKey = keyof Messages;

/** A moment, told in the reader's language and zone: with its day, with it only where that is not today, or with its weekday. */
export interface Moment {
  readonly moment: Date;
  readonly day: "always" | "unless-today" | "weekday";
}

/** A nested phrase is a word that itself depends on the language. */
export type Value = string | number | Moment | Phrase;

/** Words to be said later, in whatever language their reader has. */
export interface Phrase {
  readonly key: PhraseKey;
  readonly values: Readonly<Record<string, Value>>;
}

export const phrase = (key: PhraseKey, values: Phrase["values"] = {}): Phrase => ({ key, values });

/** "10:05", or with its day when that is not today. */
export const at = (moment: Date): Moment => ({ moment, day: "unless-today" });

/** "Today 17:30", "20 Sep 17:30". */
export const onDay = (moment: Date): Moment => ({ moment, day: "always" });

/** "Mon 09:00". */
export const onWeekday = (moment: Date): Moment => ({ moment, day: "weekday" });
