import type { Reply } from "./question.ts";
import type { AnyForm, Input } from "./turn.ts";

/** FNV-1a, folded to 16 bits: what a button has room for. That no two buttons of a form share one is tested. */
const fold = (words: string): number => {
  let hash = 0x811c9dc5;
  for (const letter of words) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return (hash >>> 16) ^ (hash & 0xffff);
};

type Pressed = Exclude<Input, { readonly kind: "replies" }>;

const nameOf = (input: Pressed): string => {
  if (input.kind === "reply") {
    const option = input.reply.kind === "option" ? input.reply.option : "";
    return `${input.question}\n${option}`;
  }
  return input.kind === "change" ? `change\n${input.question}\n` : input.kind;
};

/** Stands for what a button of a form says, by names and not by places: it means the same after a question was put in. */
export const markOf = (input: Pressed): number => fold(nameOf(input));

/** Everything that a button of a form can say. */
export const pressable = ({ steps }: Pick<AnyForm<never>, "steps">): readonly Pressed[] => [
  { kind: "back" },
  { kind: "cancel" },
  ...steps.flatMap(({ name, question, title }): readonly Pressed[] => [
    ...question.options.map((option) => {
      const reply: Reply = { kind: "option", option: option.name };
      return { kind: "reply", question: name, reply } as const;
    }),
    ...(title ? [{ kind: "change", question: name } as const] : []),
  ]),
];

/** What a button says; null for one of another release. */
export const readMark = (form: Pick<AnyForm<never>, "steps">, mark: number): Input | null =>
  pressable(form).find((input) => markOf(input) === mark) ?? null;
