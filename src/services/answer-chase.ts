import type { Action } from "../dialogue/action.ts";
import { type Phrase, phrase } from "../dialogue/phrase.ts";
import type { AnswerStore, Pressed, TaskFacts } from "../ports/store/answer-store.ts";
import { tapEffect } from "./answer-tap.ts";

type Chased = Extract<Action, { readonly do: "open" | "acknowledge-all" | "task-done" }>;

const batchReply = (titles: readonly string[]): Phrase =>
  titles.length > 0 ? phrase("reply.batch-done", { titles: titles.join("；") }) : phrase("reply.batch-none");

const taskEffect = (press: Pressed, facts: TaskFacts | null) => {
  if (!facts) return { reply: phrase("reply.task-over"), ledger: [] };
  const { kind: deed, notice, obligation, unit } = facts;
  return {
    reply: phrase("reply.task-done", { unit: facts.name }),
    ledger: [
      {
        ...({ kind: "task-done", at: press.now, actor: press.sender.uid, contentHash: null, how: "tap" } as const),
        subject: { notice, obligation, unit, deed },
      },
    ],
  };
};

/** What somebody presses in a message of the clock. */
export const pressedChase = async (answers: AnswerStore, press: Pressed, action: Chased): Promise<void> => {
  if (action.do === "task-done") return answers.taskDone(press, action.task, (facts) => taskEffect(press, facts));
  if (action.do === "open") {
    if (!(await answers.open(press, action.delivery))) await answers.tell(press, "reply", phrase("reply.foreign"));
    return;
  }
  const batch = { ...press, delivery: action.delivery };
  await answers.tapAll(batch, action.ack, (facts) => tapEffect(facts, "acknowledge", press), batchReply);
};
