import type { InputBlock, KnownBlock, ModalView } from "@slack/types";
import type { Step } from "../../dialogue/form/form.ts";
import { type AnyForm, placeOf, resume, type Turn } from "../../dialogue/form/turn.ts";
import { formNamed } from "../../dialogue/forms/catalogue.ts";
import { type Phrase, phrase } from "../../dialogue/phrase.ts";
import { type Locale, localeOf } from "../../domain/language.ts";
import { cut, MOST, plain, sections } from "./blocks.ts";
import type { ReadDraft } from "./parts.ts";
import { carriedText, type Replies, VIEWS } from "./view-state.ts";
import { title } from "./windows.ts";

type Say = (words: Phrase, locale: Locale) => string;

/** docs.slack.dev/reference/block-kit/blocks/input-block, and of its elements. */
const LABEL = 2000;

/** Where a form stands with what its window brought. */
export type Standing =
  /** What is wrong, by question; nothing is kept of it yet. */
  | { readonly kind: "wrong"; readonly problems: Readonly<Record<string, Phrase>> }
  /** More is to be asked, now that it is known what was answered. */
  | { readonly kind: "more"; readonly view: ModalView }
  | { readonly kind: "whole"; readonly replies: Replies };

interface FormParts {
  readonly say: Say;
  readonly locale: Locale;
}

/** A question with one option is agreed to by sending the window. */
const agreedTo = ({ question }: Step<unknown>): Replies[string] | null => {
  const [only, ...others] = question.options;
  return only && others.length === 0 ? { kind: "option", option: only.name } : null;
};

type Resume = (...given: Parameters<typeof resume<unknown, unknown>>) => Turn<unknown>;

interface Reached {
  readonly turn: Turn<unknown>;
  readonly replies: Replies;
}

/** Takes the replies; a summary has nothing to add to the window that everything stands in, and counts as agreed to. */
const reach = (form: AnyForm<unknown>, draft: ReadDraft, given: Replies): Reached => {
  let replies = given;
  const take = () =>
    (resume as Resume)(form as Parameters<Resume>[0], draft.facts, draft, { kind: "replies", replies });
  let turn = take();
  for (let left = form.steps.length; left > 0 && turn.kind === "asking"; left--) {
    const { question } = turn;
    const step = form.steps.find(({ name }) => name === question);
    const reply = step?.isSummary ? agreedTo(step) : null;
    if (!reply) break;
    replies = { ...replies, [question]: reply };
    turn = take();
  }
  return { turn, replies };
};

const input = (step: Step<unknown>, label: string, { say, locale }: FormParts): InputBlock => {
  const { name, question } = step;
  const options = question.options.map((option) => ({
    text: plain(cut(say(option.label, locale), MOST.label)),
    value: option.name,
  }));
  const element: InputBlock["element"] =
    question.expects === "option"
      ? { type: "radio_buttons", action_id: name, options }
      : { type: "plain_text_input", action_id: name };
  return { type: "input", block_id: name, label: plain(cut(label, LABEL)), element };
};

const asked = (step: Step<unknown>, words: readonly Phrase[], parts: FormParts): readonly KnownBlock[] => {
  const lines = words.map((line) => parts.say(line, parts.locale));
  if (agreedTo(step)) return sections(lines);
  return [...sections(lines.slice(0, -1)), input(step, lines.at(-1) ?? step.name, parts)];
};

const window = (draft: ReadDraft, form: AnyForm<unknown>, { turn, replies }: Reached, parts: FormParts): ModalView => {
  const answers = turn.kind === "asking" ? turn.draft.answers : draft.answers;
  const place = placeOf(form, draft.facts, answers);
  const open = place.steps.filter(({ name, isSummary }) => !isSummary && !Object.hasOwn(place.answers, name));
  const { say, locale } = parts;
  return {
    type: "modal",
    callback_id: VIEWS.form,
    private_metadata: carriedText({ draft: draft.id, replies }),
    title: title(say, phrase("slack.form.title"), locale),
    submit: title(say, phrase("slack.form.send"), locale),
    close: title(say, phrase("form.cancel"), locale),
    blocks: open.flatMap((step) => asked(step, step.ask(place.answers, draft.facts), parts)).slice(0, MOST.view),
  };
};

/** The language to speak to whoever fills this in: one that was chosen on the way counts at once. */
export const formLocale = (draft: ReadDraft, replies: Replies, fallback: Locale): Locale => {
  const { language } = replies;
  const chosen = language?.kind === "option" ? language.option : draft.answers.language;
  return localeOf(typeof chosen === "string" ? chosen : draft.locale) ?? fallback;
};

/** Where a draft stands once these replies are taken; null for a form of another release. */
export const standingOf = (draft: ReadDraft, given: Replies, say: Say, fallback: Locale): Standing | null => {
  const form = formNamed(draft.form);
  if (!form) return null;
  const reached = reach(form, draft, given);
  const { turn, replies } = reached;
  if (turn.kind !== "asking") return { kind: "whole", replies };
  if (Object.keys(turn.problems).length > 0) return { kind: "wrong", problems: turn.problems };
  return { kind: "more", view: window(draft, form, reached, { say, locale: formLocale(draft, given, fallback) }) };
};
