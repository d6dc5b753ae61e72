import { type Phrase, phrase } from "../dialogue/phrase.ts";
import { postText } from "../domain/post.ts";
import type { Offices } from "../services/find-leavers.ts";
import type { Imported, ImportProgress, ImportResult } from "../services/import-roster.ts";
import type { ImportInvocation } from "./invocation.ts";
import { problemsJson, showProblems } from "./show-problems.ts";
import type { Terminal } from "./terminal.ts";
import type { Toolbox } from "./toolbox.ts";

/** More than this nobody reads at once; the rest is counted, and stands in the JSON. */
const MOST_LISTED = 20;

/** A heading, then a line each, then how many more there are. */
const list = (terminal: Terminal, heading: Phrase, count: number, lines: readonly string[]): void => {
  if (count === 0) return;
  terminal.out(terminal.say(heading));
  for (const line of lines.slice(0, MOST_LISTED)) terminal.out(`  ${line}`);
  const more = count - Math.min(MOST_LISTED, lines.length);
  if (more > 0) terminal.out(`  ${terminal.say(phrase("import.more", { count: more }))}`);
};

const offices = ({ some }: Offices): readonly string[] =>
  some.map((office) => `${office.unitName} (${office.unit})  ${postText(office)}  ${office.name}`);

/** What became of open obligations, and who is on record without being in the files. */
const showLeavers = (terminal: Terminal, { missing, ended, handedOver, excused }: Imported): void => {
  const about = (all: readonly { readonly notice: string; readonly unit: string; readonly unitName: string }[]) =>
    all.map(({ notice, unit, unitName }) => `${notice}  ${unitName} (${unit})`);
  const taken = handedOver.filter(({ to }) => to.length > 0);
  const vacant = handedOver.filter((each) => each.vacant);
  const left = excused.filter(({ reason }) => reason === "left");
  const closed = excused.filter(({ reason }) => reason === "unit-closed");
  list(terminal, phrase("import.ended", { count: ended.count }), ended.count, offices(ended));
  list(terminal, phrase("import.handed-over", { count: taken.length }), taken.length, about(taken));
  list(terminal, phrase("import.vacant", { count: vacant.length }), vacant.length, about(vacant));
  list(terminal, phrase("import.excused.left", { count: left.length }), left.length, about(left));
  list(terminal, phrase("import.excused.closed", { count: closed.length }), closed.length, about(closed));
  list(terminal, phrase("import.missing", { count: missing.count }), missing.count, offices(missing));
};

const showDone = (terminal: Terminal, imported: Imported, dryRun: boolean): void => {
  const { units, people, posts, unread } = imported;
  const say = (...words: Parameters<typeof phrase>) => terminal.out(terminal.say(phrase(...words)));
  for (const { file, columns } of unread)
    terminal.err(terminal.say(phrase("import.unread", { file, columns: columns.join(", ") })));
  const changes = units.added + units.changed + people.added + people.changed + posts.added + posts.ended;
  if (changes === 0) say("import.same", { units: units.same, people: people.same });
  else {
    say("import.done.units", units);
    say("import.done.people", people);
    say("import.done.posts", posts);
  }
  showLeavers(terminal, imported);
  if (dryRun) say("import.dry-run");
};

const officesJson = ({ count, some }: Offices): object => ({
  count,
  posts: some.map((office) => ({
    unit: office.unit,
    unitName: office.unitName,
    post: postText(office),
    name: office.name,
  })),
});

const json = (result: ImportResult, { dryRun }: ImportInvocation): object => {
  if (result.kind === "refused") return { imported: false, ...problemsJson(result.problems, result.more) };
  if (result.kind !== "imported") return { imported: false, reason: result.kind };
  const { units, people, posts, unread, missing, ended, handedOver, excused } = result;
  return {
    ...{ imported: !dryRun, dryRun, units, people, posts, unread },
    ...{ missing: officesJson(missing), ended: officesJson(ended) },
    handedOver: handedOver.map(({ from, to, ...about }) => ({ ...about, from: from.length, to: to.length })),
    excused,
  };
};

const show = (terminal: Terminal, asked: ImportInvocation, result: ImportResult): void => {
  if (asked.json) terminal.out(JSON.stringify(json(result, asked)));
  if (result.kind === "refused") showProblems(terminal, result.problems, result.more);
  else if (result.kind === "busy") terminal.err(terminal.say(phrase("import.busy")));
  else if (result.kind !== "imported")
    terminal.err(terminal.say(phrase(`import.${result.kind}`, { code: result.code })));
  else if (!asked.json) showDone(terminal, result, asked.dryRun);
};

/** `chuanda import`: tables of units and people, all of it or nothing. */
export const showImport = async (tools: Toolbox, asked: ImportInvocation, terminal: Terminal): Promise<number> => {
  const progress = ({ phase, ...far }: ImportProgress) =>
    terminal.progress({ phase: phrase(`import.${phase}`), ...far });
  const { files, dryRun, complete } = asked;
  const result = await tools.importRoster({ files, dryRun, complete, progress });
  terminal.progress(null);
  show(terminal, asked, result);
  return result.kind === "imported" ? 0 : 1;
};
