import type { Phrase } from "../phrase.ts";
import type { Question, Saved } from "./question.ts";

/** What a form asks with: words, or words that depend on what is known so far. */
export type Asking<Facts, Known> = readonly Phrase[] | ((soFar: Known, facts: Facts) => readonly Phrase[]);

/** One question in its place, as the machinery sees it: the types of the declaration have done their work by then. */
export interface Step<Facts> {
  readonly name: string;
  readonly question: Question<Saved>;
  /** What it is called where a summary lists its answer; null where none does. */
  readonly title: Phrase | null;
  readonly applies: (soFar: Answers, facts: Facts) => boolean;
  readonly ask: (soFar: Answers, facts: Facts) => readonly Phrase[];
  readonly isSummary: boolean;
}

export type Answers = Readonly<Record<string, Saved>>;

/** A list of questions, and in its type what they add up to. It is immutable: each call gives a longer one. */
export interface Form<Facts, Known> {
  readonly name: string;
  readonly steps: readonly Step<Facts>[];
  /** Never there: it carries the type of the answers. */
  readonly known?: Known;
  /** Always asked. With a title it is listed in a summary. */
  ask<Name extends string, Value extends Saved>(
    name: Name,
    question: Question<Value>,
    ask: Asking<Facts, Known>,
    title?: Phrase,
  ): Form<Facts, Known & { readonly [Key in Name]: Value }>;
  /** Asked where that depends on what was answered before, or on what is known. */
  askIf<Name extends string, Value extends Saved>(
    name: Name,
    when: (soFar: Known, facts: Facts) => boolean,
    question: Question<Value>,
    ask: Asking<Facts, Known>,
    title?: Phrase,
  ): Form<Facts, Known & { readonly [Key in Name]?: Value }>;
  /** Lists the answers that have titles, each to be changed, and asks whether they are right. */
  summaryIf<Name extends string>(
    name: Name,
    when: (soFar: Known, facts: Facts) => boolean,
    question: Question<true>,
    ask: Asking<Facts, Known>,
  ): Form<Facts, Known & { readonly [Key in Name]?: true }>;
}

export type AnswersOf<Declared extends { readonly known?: unknown }> = NonNullable<Declared["known"]>;

type Declared = Pick<Step<never>, "title" | "isSummary"> & {
  readonly name: string;
  readonly question: unknown;
  readonly when: unknown;
  readonly ask: unknown;
};

/** Here alone the declared types are let go of: what a step gets at run time is what the declaration said it would. */
const step = <Facts>({ name, question, when, ask, title, isSummary }: Declared): Step<Facts> => ({
  name,
  title,
  isSummary,
  question: question as Question<Saved>,
  applies: when as Step<Facts>["applies"],
  ask: typeof ask === "function" ? (ask as Step<Facts>["ask"]) : () => ask as readonly Phrase[],
});

const grown = <Facts, Known>(name: string, steps: readonly Step<Facts>[]): Form<Facts, Known> => {
  const and = <Longer>(declared: Declared): Form<Facts, Longer> => grown(name, [...steps, step<Facts>(declared)]);
  return {
    name,
    steps,
    ask: (name, question, ask, title) =>
      and({ name, question, when: () => true, ask, title: title ?? null, isSummary: false }),
    askIf: (name, when, question, ask, title) =>
      and({ name, question, when, ask, title: title ?? null, isSummary: false }),
    summaryIf: (name, when, question, ask) => and({ name, question, when, ask, title: null, isSummary: true }),
  };
};

/** An empty form; `Facts` is what is known before anything is asked. */
export const form = <Facts = Readonly<Record<string, never>>>(name: string): Form<Facts, Readonly<unknown>> =>
  grown(name, []);
