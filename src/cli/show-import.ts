import { phrase } from "../dialogue/phrase.ts";
import type { ImportProgress, ImportResult } from "../services/import-roster.ts";
import type { ImportInvocation } from "./invocation.ts";
import { showProblems } from "./show-problems.ts";
import type { Terminal } from "./terminal.ts";
import type { Toolbox } from "./toolbox.ts";

type Imported = Extract<ImportResult, { kind: "imported" }>;

const showDone = (terminal: Terminal, { units, people, posts, unread }: Imported, dryRun: boolean): void => {
  const say = (...words: Parameters<typeof phrase>) => terminal.out(terminal.say(phrase(...words)));
  for (const { file, columns } of unread)
    terminal.err(terminal.say(phrase("import.unread", { file, columns: columns.join(", ") })));
  const changes = units.added + units.changed + people.added + people.changed + posts.added;
  if (changes === 0) say("import.same", { units: units.same, people: people.same });
  else {
    say("import.done.units", units);
    say("import.done.people", people);
    say("import.done.posts", posts);
  }
  if (dryRun) say("import.dry-run");
};

/** `chuanda import`: tables of units and people, all of it or nothing. */
export const showImport = async (tools: Toolbox, asked: ImportInvocation, terminal: Terminal): Promise<number> => {
  const progress = ({ phase, ...far }: ImportProgress) =>
    terminal.progress({ phase: phrase(`import.${phase}`), ...far });
  const result = await tools.importRoster(asked.files, asked.dryRun, progress);
  terminal.progress(null);
  if (result.kind === "refused") return showProblems(terminal, result.problems, result.more);
  if (result.kind === "imported") showDone(terminal, result, asked.dryRun);
  else terminal.err(terminal.say(phrase("import.busy")));
  return result.kind === "imported" ? 0 : 1;
};
