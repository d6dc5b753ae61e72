import type { Phrase } from "../phrase.ts";
import type { Answers, Form, Step } from "./form.ts";
import type { Reply } from "./question.ts";

/** A form that was begun: its answers and nothing else. Where somebody is in it follows from them. */
export interface FormDraft {
  readonly form: string;
  readonly answers: Answers;
}

export type Input =
  /** `question` null: to whatever is asked now. To an earlier question, from a card of before, it is not heard. */
  | { readonly kind: "reply"; readonly question: string | null; readonly reply: Reply }
  /** Several at once, by question, as a page or a modal sends them. */
  | { readonly kind: "replies"; readonly replies: Readonly<Record<string, Reply>> }
  | { readonly kind: "back" }
  | { readonly kind: "change"; readonly question: string }
  | { readonly kind: "cancel" };

export type Turn<Known> =
  | {
      readonly kind: "asking";
      readonly draft: FormDraft;
      readonly question: string;
      /** What is wrong with the replies, by question. */
      readonly problems: Readonly<Record<string, Phrase>>;
    }
  | { readonly kind: "done"; readonly draft: FormDraft; readonly answers: Known }
  | { readonly kind: "cancelled" };

/** A form as the machinery takes it, whatever its answers are. */
export type AnyForm<Facts> = Pick<Form<Facts, unknown>, "name" | "steps">;

/** Where a draft stands. */
export interface Place<Facts> {
  /** The answers that still hold, to the questions that apply. */
  readonly answers: Answers;
  /** The first question that applies and has no answer; null when the form is complete. */
  readonly now: Step<Facts> | null;
  /** The questions that apply as far as anybody can tell yet, in their order. */
  readonly steps: readonly Step<Facts>[];
}

export const placeOf = <Facts>({ steps }: AnyForm<Facts>, facts: Facts, saved: Answers): Place<Facts> => {
  const applying: Step<Facts>[] = [];
  let answers: Answers = {};
  let now: Step<Facts> | null = null;
  for (const step of steps) {
    if (!step.applies(answers, facts)) continue;
    applying.push(step);
    const value = Object.hasOwn(saved, step.name) ? step.question.restore(saved[step.name]) : null;
    if (value === null) now ??= step;
    else answers = { ...answers, [step.name]: value };
  }
  return { answers, now, steps: applying };
};

const without = (answers: Answers, name: string): Answers =>
  Object.fromEntries(Object.entries(answers).filter(([key]) => key !== name));

/** The questions before the present one that have an answer. */
const behind = <Facts>({ steps, now, answers }: Place<Facts>): readonly Step<Facts>[] =>
  (now ? steps.slice(0, steps.indexOf(now)) : steps).filter(({ name }) => Object.hasOwn(answers, name));

/** Whether there is anything to go back to. */
export const mayGoBack = <Facts>(place: Place<Facts>): boolean => behind(place).length > 0;

const settled = <Facts, Known>(
  form: Form<Facts, Known>,
  facts: Facts,
  answers: Answers,
  problems: Readonly<Record<string, Phrase>> = {},
): Turn<Known> => {
  const place = placeOf(form, facts, answers);
  const draft = { form: form.name, answers };
  return place.now
    ? { kind: "asking", draft, question: place.now.name, problems }
    : { kind: "done", draft, answers: place.answers as Known };
};

/** A form at its beginning; one that asks nothing is done at once. */
export const start = <Facts, Known>(form: Form<Facts, Known>, facts: Facts): Turn<Known> => settled(form, facts, {});

/** Takes replies in the order of the form: what one answer makes applicable may be answered along with it. */
const take = <Facts, Known>(
  form: Form<Facts, Known>,
  facts: Facts,
  saved: Answers,
  replies: Readonly<Record<string, Reply>>,
): Turn<Known> => {
  let answers = saved;
  const problems: Record<string, Phrase> = {};
  for (const { name, question } of form.steps) {
    const reply = Object.hasOwn(replies, name) ? replies[name] : undefined;
    if (!reply || !placeOf(form, facts, answers).steps.some((step) => step.name === name)) continue;
    const accepted = question.accept(reply);
    if (accepted.ok) answers = { ...answers, [name]: accepted.value };
    else problems[name] = accepted.problem;
  }
  return settled(form, facts, answers, problems);
};

const answered = <Facts, Known>(
  form: Form<Facts, Known>,
  facts: Facts,
  answers: Answers,
  { question, reply }: Extract<Input, { kind: "reply" }>,
): Turn<Known> => {
  const { now } = placeOf(form, facts, answers);
  const isHeard = now !== null && (question === null || question === now.name);
  return isHeard ? take(form, facts, answers, { [now.name]: reply }) : settled(form, facts, answers);
};

/** What an input makes of a draft. Never throws: whatever is in the draft, this release asks for what it lacks. */
export const resume = <Facts, Known>(
  form: Form<Facts, Known>,
  facts: Facts,
  draft: FormDraft,
  input: Input,
): Turn<Known> => {
  const { answers } = draft;
  switch (input.kind) {
    case "cancel":
      return { kind: "cancelled" };
    case "back": {
      const last = behind(placeOf(form, facts, answers)).at(-1);
      return settled(form, facts, last ? without(answers, last.name) : answers);
    }
    case "change":
      return settled(form, facts, without(answers, input.question));
    case "replies":
      return take(form, facts, answers, input.replies);
    case "reply":
      return answered(form, facts, answers, input);
  }
};
