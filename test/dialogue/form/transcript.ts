import type { Form } from "../../../src/dialogue/form/form.ts";
import { formScreen } from "../../../src/dialogue/form/form-screen.ts";
import { markOf, pressable, readMark } from "../../../src/dialogue/form/mark.ts";
import { type FormDraft, resume, start, type Turn } from "../../../src/dialogue/form/turn.ts";
import type { DraftId } from "../../../src/domain/ids.ts";
import type { Locale } from "../../../src/domain/language.ts";
import { speaker } from "../../../src/locale/speaker.ts";

const { card } = speaker(() => new Date("2026-09-18T01:00:00Z"), "Asia/Shanghai");
const DRAFT = 1n as DraftId;

/**
 * Plays a form as its people see it: lines of ours, and lines of theirs, which press a button that is there ("[…]") or
 * write. Between two turns the draft goes through JSON, as it does through the database.
 */
export const play = <Facts, Known>(
  form: Form<Facts, Known>,
  facts: Facts,
  locale: Locale,
  ...said: readonly string[]
) => {
  const transcript: string[] = [];
  let turn: Turn<Known> = start(form, facts);
  const kept = (draft: FormDraft): FormDraft => JSON.parse(JSON.stringify(draft)) as FormDraft;
  const shown = () => {
    if (turn.kind !== "asking") return null;
    const { draft, question, problems } = turn;
    const view = {
      form,
      draft: DRAFT,
      facts,
      answers: draft.answers,
      question,
      problem: problems[question] ?? null,
      ended: false,
    };
    const drawn = card(formScreen(view), locale);
    transcript.push(
      [...drawn.lines, ...drawn.notes, drawn.buttons.map(({ label }) => `[${label}]`).join(" ")].join("\n"),
    );
    return drawn;
  };
  let drawn = shown();
  for (const words of said) {
    if (turn.kind !== "asking") throw new Error(`${words}: the form is over`);
    transcript.push(`> ${words}`);
    const label = /^\[(.*)\]$/u.exec(words)?.[1];
    const button = drawn?.buttons.find((each) => each.label === label);
    if (label && button?.action.do !== "answer")
      throw new Error(`there is no button ${label} in\n${transcript.at(-2)}`);
    const input =
      button?.action.do === "answer"
        ? readMark(form, button.action.mark)
        : ({ kind: "reply", question: null, reply: { kind: "text", text: words } } as const);
    if (!input) throw new Error(`the mark of ${label} is not read`);
    turn = resume(form, facts, kept(turn.draft), input);
    drawn = shown();
  }
  return { transcript: transcript.join("\n"), turn };
};

/** Buttons of one form that say different things by the same mark. */
export const collisions = (form: Pick<Form<never, unknown>, "steps">): readonly string[] => {
  const marks = new Map<number, string>();
  return pressable(form).flatMap((input) => {
    const [mark, name] = [markOf(input), JSON.stringify(input)];
    const other = marks.get(mark);
    marks.set(mark, name);
    return other && other !== name ? [`${other} and ${name}`] : [];
  });
};
