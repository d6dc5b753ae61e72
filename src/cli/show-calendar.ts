import { onDay, phrase } from "../dialogue/phrase.ts";
import type { CalendarInvocation } from "./invocation.ts";
import { problemsJson, showProblems } from "./show-problems.ts";
import type { Terminal } from "./terminal.ts";
import type { Toolbox } from "./toolbox.ts";

/** `chuanda calendar import`: what changed, and which deadlines were computed anew by it. */
export const showCalendar = async (tools: Toolbox, asked: CalendarInvocation, terminal: Terminal): Promise<number> => {
  const result = await tools.importCalendar(asked.file);
  if (result.kind === "refused") {
    if (asked.json) terminal.out(JSON.stringify({ imported: false, ...problemsJson(result.problems, 0) }));
    return showProblems(terminal, result.problems);
  }
  const { changed, rescheduled } = result;
  if (asked.json) {
    terminal.out(JSON.stringify({ imported: true, changed, rescheduled }));
    return 0;
  }
  terminal.out(terminal.say(phrase("calendar.imported", { count: changed })));
  for (const { number, from, to, obligations } of rescheduled)
    terminal.out(
      terminal.say(phrase("calendar.rescheduled", { number, from: onDay(from), to: onDay(to), count: obligations })),
    );
  return 0;
};
