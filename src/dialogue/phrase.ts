type Messages = typeof import("../../locales/en.json", { with: { type: "json" }});

/** Every key of the locales; a missing one is a compile error. */
export type PhraseKey = keyof Messages;

/** A moment, told in the reader's language and zone: the time alone, or with its day where that is not today. */
export interface Moment {
  readonly moment: Date;
}

/** `{ phrase }` nests words inside words, for a word that itself depends on the language. */
export type Value = string | number | Moment | { readonly phrase: Phrase };

/** Words to be said later, in whatever language their reader has. */
export interface Phrase {
  readonly key: PhraseKey;
  readonly values: Readonly<Record<string, Value>>;
}

export const phrase = (key: PhraseKey, values: Phrase["values"] = {}): Phrase => ({ key, values });
