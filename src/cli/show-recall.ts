import { onDay, phrase } from "../dialogue/phrase.ts";
import { normaliseNumber } from "../domain/notice.ts";
import { recallNotice } from "../services/recall-notice.ts";
import type { RecallInvocation } from "./invocation.ts";
import type { Terminal } from "./terminal.ts";
import type { Toolbox } from "./toolbox.ts";
import { unamendable } from "./unamendable.ts";

/** `chuanda recall`: what is not sent stops, what was sent says so. Given again it changes nothing, and is no mistake. */
export const showRecall = async (tools: Toolbox, asked: RecallInvocation, terminal: Terminal): Promise<number> => {
  const number = normaliseNumber(asked.number) ?? asked.number;
  const { reason, dryRun, json } = asked;
  const found = await recallNotice(tools.recalling, number, reason, { dryRun });
  if (found.kind === "recalled") {
    const before = { number, status: "recalled", already: true, endedAt: found.at, reason: found.reason };
    terminal.out(
      json ? JSON.stringify(before) : terminal.say(phrase("recall.already", { number, at: onDay(found.at) })),
    );
    return 0;
  }
  if (found.kind !== "done") {
    terminal.err(terminal.say(unamendable(number, found)));
    return 1;
  }
  const { at, stopped, told, cancelled } = found;
  const figures = { number, stopped, told, cancelled };
  const words = phrase(dryRun ? "recall.preview" : "recall.done", figures);
  const status = dryRun ? "published" : "recalled";
  const document = { ...figures, status, already: false, endedAt: dryRun ? null : at, reason };
  terminal.out(json ? JSON.stringify(document) : terminal.say(words));
  return 0;
};
