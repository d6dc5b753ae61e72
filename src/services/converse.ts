import { readMark } from "../dialogue/form/mark.ts";
import type { AnyForm, Input, Turn } from "../dialogue/form/turn.ts";
import { resume, start } from "../dialogue/form/turn.ts";
import { FORMS, formNamed } from "../dialogue/forms/catalogue.ts";
import type { EnrolmentAnswers } from "../dialogue/forms/enrolment.ts";
import { type Phrase, phrase } from "../dialogue/phrase.ts";
import type { DraftId } from "../domain/ids.ts";
import { localeOf } from "../domain/language.ts";
import type { PlatformName } from "../domain/platform.ts";
import type { Incoming } from "../ports/chat-platform.ts";
import type { Clock } from "../ports/clock.ts";
import type { Pressed } from "../ports/store/answer-store.ts";
import type { DraftStore, OpenDraft, TurnEffect } from "../ports/store/draft-store.ts";
import { enrolmentEntries } from "./enrolment-entries.ts";

export interface ConverseParts {
  readonly drafts: DraftStore;
  readonly clock: Pick<Clock, "real">;
  readonly platforms: readonly PlatformName[];
}

const unheard = (draft: OpenDraft, turn: Extract<Turn<unknown>, { kind: "asking" }>): boolean =>
  turn.draft.answers === draft.answers && Object.keys(turn.problems).length === 0;

/** What a finished form leads to. */
const finished = (form: string, answers: unknown): TurnEffect => {
  if (form === FORMS.enrolment.name) return { kind: "enrol", answers: answers as EnrolmentAnswers };
  const locale = localeOf((answers as { readonly language: string }).language) ?? "zh-CN";
  return { kind: "language", locale, reply: phrase("reply.language") };
};

const over = (): TurnEffect => ({ kind: "over", reply: phrase("form.over") });

/** What an input makes of a draft. A form that this release does not know any more is over. */
const turnEffect = (draft: OpenDraft, inputOf: (form: AnyForm<unknown>) => Input | null): TurnEffect => {
  const form = formNamed(draft.form);
  const input = form && inputOf(form);
  if (!form) return over();
  if (!input) return { kind: "unheard" };
  const turn = resume(form as Parameters<typeof resume<unknown, unknown>>[0], draft.facts, draft, input);
  if (turn.kind === "cancelled") return { kind: "over", reply: phrase("form.cancelled") };
  if (turn.kind === "done") return finished(draft.form, turn.answers);
  if (unheard(draft, turn)) return { kind: "unheard" };
  const problem: Phrase | null = turn.problems[turn.question] ?? null;
  const language = turn.draft.answers.language;
  const locale = typeof language === "string" ? localeOf(language) : null;
  return { kind: "asking", draft: turn.draft, question: turn.question, problem, locale };
};

const turning = (
  { drafts, clock, platforms }: ConverseParts,
  press: Pressed,
  which: DraftId | "latest",
  inputOf: (form: AnyForm<unknown>) => Input | null,
): Promise<boolean> =>
  drafts.turn(press, which, (draft) => turnEffect(draft, inputOf), {
    real: clock.real(),
    platforms,
    entries: enrolmentEntries,
  });

/** A button of a form. False for a form that is over. */
export const pressForm = (parts: ConverseParts, press: Pressed, draft: DraftId, mark: number): Promise<boolean> =>
  turning(parts, press, draft, (form) => readMark(form, mark));

/** Words for the form that somebody is in. False where they are in none. */
export const tellForm = (parts: ConverseParts, press: Pressed, text: string): Promise<boolean> =>
  turning(parts, press, "latest", () => ({ kind: "reply", question: null, reply: { kind: "text", text } }));

/** A form, or what is left of it, that was filled in as a whole. False for a form that is over. */
export const fillForm = (
  parts: ConverseParts,
  press: Pressed,
  { draft, replies }: Extract<Incoming["what"], { kind: "form" }>,
): Promise<boolean> => turning(parts, press, draft, () => ({ kind: "replies", replies }));

/** Ends the form that somebody is in. False where they are in none. */
export const cancelForm = (parts: ConverseParts, press: Pressed): Promise<boolean> =>
  turning(parts, press, "latest", () => ({ kind: "cancel" }));

/** Asks which language. */
export const askLanguage = async ({ drafts, clock }: ConverseParts, press: Pressed): Promise<void> => {
  const first = start(FORMS.language, {});
  if (first.kind === "asking") await drafts.begin(press, FORMS.language, {}, first, clock.real());
};
