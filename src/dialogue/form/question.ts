import { visibleText } from "../../domain/visible-text.ts";
import { type Phrase, phrase } from "../phrase.ts";

/** Whatever JSON keeps as it is. */
export type Saved = string | number | boolean | null;

export const isSaved = (value: unknown): value is Saved =>
  value === null || ["string", "number", "boolean"].includes(typeof value);

/** What somebody gave: one of the options, or words of their own. */
export type Reply =
  | { readonly kind: "option"; readonly option: string }
  | { readonly kind: "text"; readonly text: string };

export type Accepted<Value> =
  | { readonly ok: true; readonly value: Value }
  /** What is wrong with it, for the person. */
  | { readonly ok: false; readonly problem: Phrase };

export interface Option {
  readonly name: string;
  readonly label: Phrase;
}

/** Something that is asked, and what counts as an answer. */
export interface Question<Value extends Saved> {
  readonly expects: "option" | "text";
  /** What stands to choose from. */
  readonly options: readonly Option[];
  accept(reply: Reply): Accepted<Value>;
  /** A saved answer; null where it is none of this release's any more, and is asked again. */
  restore(saved: Saved | undefined): Value | null;
  /** How an answer reads. */
  shown(value: Value): Phrase;
}

const PICK: Accepted<never> = { ok: false, problem: phrase("form.pick") };

/** The option that was pressed, or whose place in the row was written, as people do where there are no buttons. */
const picked = (options: readonly Option[], reply: Reply): Option | undefined => {
  if (reply.kind === "option") return options.find(({ name }) => name === reply.option);
  const place = reply.text.normalize("NFKC").trim();
  return /^\d$/.test(place) ? options[Number(place) - 1] : undefined;
};

/** One of a few; the keys are what is saved. */
export const choice = <Name extends string>(labels: Readonly<Record<Name, Phrase>>): Question<Name> => {
  const options = Object.entries<Phrase>(labels).map(([name, label]) => ({ name, label }));
  return {
    expects: "option",
    options,
    accept: (reply) => {
      const option = picked(options, reply);
      return option ? { ok: true, value: option.name as Name } : PICK;
    },
    restore: (saved) => (typeof saved === "string" && Object.hasOwn(labels, saved) ? (saved as Name) : null),
    shown: (value) => labels[value],
  };
};

/** Yes or no, in words of its own. */
export const confirm = (labels: { readonly yes: Phrase; readonly no: Phrase }): Question<boolean> => {
  const options = [
    { name: "yes", label: labels.yes },
    { name: "no", label: labels.no },
  ];
  return {
    expects: "option",
    options,
    accept: (reply) => {
      const option = picked(options, reply);
      return option ? { ok: true, value: option.name === "yes" } : PICK;
    },
    restore: (saved) => (typeof saved === "boolean" ? saved : null),
    shown: (value) => (value ? labels.yes : labels.no),
  };
};

/** The only way through a summary is that it is right; what is wrong has a button of its own. */
export const agreement = (label: Phrase): Question<true> => {
  const options = [{ name: "yes", label }];
  return {
    expects: "option",
    options,
    accept: (reply) => (picked(options, reply) ? { ok: true, value: true } : PICK),
    restore: (saved) => (saved === true ? true : null),
    shown: () => label,
  };
};

/** Words on one line, of at most `max` characters; what cannot be seen is left out of them. */
export const text = ({ max }: { readonly max: number }): Question<string> => {
  const accept = (words: string): Accepted<string> => {
    const value = visibleText(words);
    if (value === "") return { ok: false, problem: phrase("form.write") };
    const count = [...value].length;
    return count <= max ? { ok: true, value } : { ok: false, problem: phrase("form.too-long", { count, max }) };
  };
  return {
    expects: "text",
    options: [],
    accept: (reply) => (reply.kind === "text" ? accept(reply.text) : { ok: false, problem: phrase("form.write") }),
    restore: (saved) => {
      const restored = typeof saved === "string" ? accept(saved) : null;
      return restored?.ok ? restored.value : null;
    },
    shown: (value) => phrase("form.words", { words: value }),
  };
};
