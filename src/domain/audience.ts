import type { PostName } from "./post.ts";
import { POSTS } from "./post.ts";
import type { Grade, Industry, SiteType, UnitKind } from "./unit.ts";
import { GRADES, INDUSTRIES, SITE_TYPES, UNIT_KINDS } from "./unit.ts";

/** A question about one unit, or about one office in it. */
export type Audience =
  | { readonly kind: "all" | "watch" }
  | { readonly kind: "within" | "unit"; readonly code: string }
  | { readonly kind: "kind"; readonly value: UnitKind }
  | { readonly kind: "industry"; readonly value: Industry }
  | { readonly kind: "site"; readonly value: SiteType }
  | { readonly kind: "grade"; readonly value: Grade }
  | { readonly kind: "post"; readonly value: PostName }
  | { readonly kind: "and" | "or"; readonly of: readonly Audience[] }
  | { readonly kind: "not"; readonly of: Audience };

/** What is wrong with an audience, and where: `column` counts characters from 1. */
export interface AudienceError {
  readonly column: number;
  readonly problem:
    | "unknown-word"
    | "missing-value"
    | "unknown-value"
    | "unclosed"
    | "unexpected"
    | "too-deep"
    | "empty";
  /** The text that is wrong, or the word whose value is missing. */
  readonly word: string;
  /** What could stand there instead. */
  readonly expected: readonly string[];
}

interface Token {
  readonly text: string;
  readonly column: number;
}

/** Values that may follow a word; null where any code may. */
const VALUES: ReadonlyMap<string, readonly string[] | null> = new Map<string, readonly string[] | null>([
  ["within", null],
  ["unit", null],
  ["kind", UNIT_KINDS],
  ["industry", INDUSTRIES],
  ["site", SITE_TYPES],
  ["grade", GRADES],
  ["post", POSTS],
]);
const WORDS: readonly string[] = ["all", "watch", ...VALUES.keys()];
const RESERVED = new Set<string>([...WORDS, "and", "or", "not", "(", ")"]);
/** Deep enough for anything a person writes, shallow enough that no text can exhaust the stack. */
const DEEPEST = 64;

const isCodeWord = (word: string | undefined): boolean => word !== undefined && VALUES.get(word) === null;

const tokens = (source: string): readonly Token[] =>
  [...source.matchAll(/[()]|[^\s()]+/gu)].map(({ 0: text, index }) => ({ text, column: index + 1 }));

class Wrong extends Error {
  readonly error: AudienceError;
  constructor(column: number, problem: AudienceError["problem"], word: string, expected: readonly string[] = []) {
    super(problem);
    this.error = { column, problem, word, expected };
  }
}

/** One pass over the tokens; every rule takes what is its own and leaves the rest. */
class Reader {
  readonly #tokens: readonly Token[];
  readonly #end: number;
  #at = 0;
  #depth = 0;

  constructor(source: string) {
    this.#tokens = tokens(source);
    this.#end = source.length + 1;
  }

  whole(): Audience {
    if (this.#tokens.length === 0) throw new Wrong(1, "empty", "", WORDS);
    const audience = this.#either();
    const rest = this.#peek();
    if (rest) throw new Wrong(rest.column, "unexpected", rest.text, ["and", "or"]);
    return audience;
  }

  #peek(): Token | undefined {
    return this.#tokens[this.#at];
  }

  #take(text: string): boolean {
    const found = this.#peek()?.text === text;
    if (found) this.#at += 1;
    return found;
  }

  #either(): Audience {
    return this.#joined("or", () => this.#joined("and", () => this.#one()));
  }

  #joined(kind: "and" | "or", part: () => Audience): Audience {
    const first = part();
    const rest: Audience[] = [];
    while (this.#take(kind)) rest.push(part());
    return rest.length === 0 ? first : { kind, of: [first, ...rest] };
  }

  #one(): Audience {
    const token = this.#peek();
    if (!token) throw new Wrong(this.#end, "missing-value", this.#tokens.at(-1)?.text ?? "", WORDS);
    this.#depth += 1;
    if (this.#depth > DEEPEST) throw new Wrong(token.column, "too-deep", token.text);
    this.#at += 1;
    const audience = this.#after(token);
    this.#depth -= 1;
    return audience;
  }

  #after(token: Token): Audience {
    if (token.text === "not") return { kind: "not", of: this.#one() };
    if (token.text === "(") {
      const inner = this.#either();
      if (!this.#take(")")) throw new Wrong(token.column, "unclosed", "(", [")"]);
      return inner;
    }
    if (token.text === "all" || token.text === "watch") return { kind: token.text };
    const values = VALUES.get(token.text);
    if (values === undefined) throw new Wrong(token.column, "unknown-word", token.text, WORDS);
    return this.#valued(token, values);
  }

  #valued(token: Token, values: readonly string[] | null): Audience {
    const value = this.#peek();
    // `site` is a word and a kind: what may stand here is a value before it is a word.
    if (!value || (RESERVED.has(value.text) && !values?.includes(value.text)))
      throw new Wrong(value?.column ?? this.#end, "missing-value", token.text, values ?? []);
    if (values && !values.includes(value.text)) throw new Wrong(value.column, "unknown-value", value.text, values);
    this.#at += 1;
    return (values ? { kind: token.text, value: value.text } : { kind: token.text, code: value.text }) as Audience;
  }
}

/** Reads an audience; a wrong word is an error that points at its column. */
export const parseAudience = (
  source: string,
): { readonly kind: "audience"; readonly audience: Audience } | ({ readonly kind: "wrong" } & AudienceError) => {
  try {
    return { kind: "audience", audience: new Reader(source).whole() };
  } catch (error) {
    if (error instanceof Wrong) return { kind: "wrong", ...error.error };
    throw error;
  }
};

/** A part of a longer audience, in parentheses where it would fall apart without. */
const printPart = (part: Audience): string =>
  part.kind === "and" || part.kind === "or" ? `(${printAudience(part)})` : printAudience(part);

/** Writes an audience so that reading it gives the same one back. */
export const printAudience = (audience: Audience): string => {
  if (audience.kind === "and" || audience.kind === "or") return audience.of.map(printPart).join(` ${audience.kind} `);
  if (audience.kind === "not") return `not ${printPart(audience.of)}`;
  if ("code" in audience) return `${audience.kind} ${audience.code}`;
  return "value" in audience ? `${audience.kind} ${audience.value}` : audience.kind;
};

/** Every part of an audience, itself first. */
const parts = (audience: Audience): readonly Audience[] => {
  if (audience.kind === "not") return [audience, ...parts(audience.of)];
  return "of" in audience ? [audience, ...audience.of.flatMap(parts)] : [audience];
};

/** Whether the audience speaks of offices. If it does not, it means whoever answers for each unit. */
export const namesPost = (audience: Audience): boolean => parts(audience).some(({ kind }) => kind === "post");

/** Whether it speaks of this office, be it only to leave it out. */
export const speaksOf = (audience: Audience, post: PostName): boolean =>
  parts(audience).some((part) => part.kind === "post" && part.value === post);

/** The unit codes it speaks of; one that does not exist is a mistake of its author. */
export const namedCodes = (audience: Audience): readonly string[] =>
  parts(audience).flatMap((part) => ("code" in part ? [part.code] : []));

/** The column at which the source speaks of a unit code; 1 where it does not. */
export const columnOfCode = (source: string, code: string): number =>
  tokens(source).find(({ text }, at, all) => text === code && isCodeWord(all[at - 1]?.text))?.column ?? 1;
