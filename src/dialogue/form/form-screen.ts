import type { DraftId } from "../../domain/ids.ts";
import { type Phrase, phrase } from "../phrase.ts";
import { type Button, type Screen, screen } from "../screen.ts";
import type { Answers, Step } from "./form.ts";
import { markOf } from "./mark.ts";
import { type AnyForm, type Input, mayGoBack, type Place, placeOf } from "./turn.ts";

/** A question of a form as somebody sees it. */
export interface FormView<Facts> {
  readonly form: AnyForm<Facts>;
  readonly draft: DraftId;
  readonly facts: Facts;
  readonly answers: Answers;
  /** The question that this card asks. */
  readonly question: string;
  readonly problem: Phrase | null;
  /** Nobody goes on with it. */
  readonly ended: boolean;
}

const button = (draft: DraftId, label: Phrase, input: Parameters<typeof markOf>[0]): Button<Phrase> => ({
  label,
  action: { do: "answer", draft, mark: markOf(input) },
  primary: false,
  asks: null,
});

const answering = (draft: DraftId, { name, question }: Step<never>): readonly Button<Phrase>[] =>
  question.options.map((option) =>
    button(draft, option.label, { kind: "reply", question: name, reply: { kind: "option", option: option.name } }),
  );

const listed = <Facts>({ steps, answers }: Place<Facts>): readonly (Step<Facts> & { readonly title: Phrase })[] =>
  steps.flatMap((step) => (step.title && Object.hasOwn(answers, step.name) ? { ...step, title: step.title } : []));

/** The answers, a line each. */
const review = <Facts>(place: Place<Facts>): readonly Phrase[] =>
  listed(place).map(({ name, title, question }) =>
    phrase("form.answer", { title, answer: question.shown(place.answers[name] ?? null) }),
  );

const changing = <Facts>(draft: DraftId, place: Place<Facts>): readonly Button<Phrase>[] =>
  listed(place).map(({ name, title }) =>
    button(draft, phrase("form.change", { title }), { kind: "change", question: name } satisfies Input),
  );

const ways = <Facts>(draft: DraftId, place: Place<Facts>, step: Step<Facts>): readonly Button<Phrase>[] => [
  ...answering(draft, step),
  ...(step.isSummary ? changing(draft, place) : []),
  ...(mayGoBack(place) && !step.isSummary ? [button(draft, phrase("form.back"), { kind: "back" })] : []),
  button(draft, phrase("form.cancel"), { kind: "cancel" }),
];

const progress = <Facts>({ steps }: Place<Facts>, step: Step<Facts>): readonly Phrase[] =>
  steps.length > 1 ? [phrase("form.progress", { step: steps.indexOf(step) + 1 })] : [];

/** One question of a form. A card whose question is answered already keeps its words and loses its buttons. */
export const formScreen = <Facts>(view: FormView<Facts>): Screen<Phrase> => {
  const { form, draft, facts, answers, question, problem } = view;
  const place = placeOf(form, facts, answers);
  // Also one that does not apply any more, since an answer before it was changed.
  const step = form.steps.find(({ name }) => name === question);
  if (!step) return screen({ lines: [phrase("form.over")], fallback: phrase("form.over") });
  const asked = step.ask(place.answers, facts);
  const isNow = place.now === step && !view.ended;
  return screen({
    lines: [...(isNow && problem ? [problem] : []), ...asked, ...(step.isSummary ? review(place) : [])],
    notes: isNow ? progress(place, step) : [],
    buttons: isNow ? ways(draft, place, step) : [],
    form: isNow && place.steps.length > 1 ? draft : null,
    fallback: problem ?? asked[0] ?? phrase("form.over"),
  });
};
