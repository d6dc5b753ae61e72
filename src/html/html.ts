const made = Symbol("html");

/** Markup whose every foreign word has been escaped. Only the tag below makes it; data from outside cannot pass for it. */
export interface Html {
  readonly [made]: string;
}

/** What may stand in a template. `null` and `false` are nothing. */
export type HtmlValue = Html | string | number | bigint | null | false | readonly HtmlValue[];

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Safe in text and in quoted attributes. Templates of ours quote every attribute; a test holds them to it. */
const escapeText = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character] as string);

const isHtml = (value: object): value is Html => made in value;

const inner = (value: HtmlValue): string => {
  if (value === null || value === false) return "";
  if (typeof value !== "object") return escapeText(String(value));
  return isHtml(value) ? value[made] : value.map(inner).join("");
};

/** The template tag: escapes everything but what it made itself. */
export const html = (strings: TemplateStringsArray, ...values: readonly HtmlValue[]): Html => ({
  [made]: strings.reduce((text, part, at) => text + inner(values[at - 1] ?? null) + part),
});

export const toMarkup = (value: Html): string => value[made];
