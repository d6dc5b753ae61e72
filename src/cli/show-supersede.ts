import type { Phrase } from "../dialogue/phrase.ts";
import { phrase } from "../dialogue/phrase.ts";
import { plainText } from "../domain/content.ts";
import { normaliseNumber } from "../domain/notice.ts";
import type { Affected, Renewal } from "../ports/store/amend-store.ts";
import type { SupersedeRefusal } from "../services/supersede-notice.ts";
import { previewSupersession, supersedeNotice } from "../services/supersede-notice.ts";
import type { SupersedeInvocation } from "./invocation.ts";
import { showProblems } from "./show-problems.ts";
import { publishRefusal, showPlan, travel } from "./show-publish.ts";
import type { Terminal } from "./terminal.ts";
import type { Toolbox } from "./toolbox.ts";
import { unamendable } from "./unamendable.ts";

type Preview = Extract<Awaited<ReturnType<typeof previewSupersession>>, { kind: "preview" }>;
type Version = Parameters<typeof supersedeNotice>[1];

const GROUPS = ["newly", "again", "still", "sees", "released"] as const satisfies readonly (keyof Renewal)[];
/** Units are named where something is new for them. */
const NAMED: ReadonlySet<string> = new Set(["newly", "again", "released"]);

const refuse = (terminal: Terminal, refused: SupersedeRefusal): number => {
  const words = refused.kind === "old" ? unamendable(refused.number, refused.why) : publishRefusal(refused);
  terminal.err(terminal.say(words));
  return 1;
};

const showUnits = (say: (words: Phrase) => void, { units, more }: Affected): void => {
  for (const { unit, code } of units) say(phrase("renewal.unit", { unit, code }));
  if (more > 0) say(phrase("preview.unreachable.more", { count: more }));
};

/** Who is asked, who is asked again and why, who only sees what has changed, who is not meant any more. */
const showGroups = (say: (words: Phrase) => void, { preview, reasons }: Preview): void => {
  for (const group of GROUPS) {
    const affected = preview[group];
    if (affected.people === 0) continue;
    say(phrase(`renewal.${group}`, { people: affected.people }));
    if (group === "again") for (const why of reasons) say(phrase(`renewal.why.${why}`));
    if (NAMED.has(group)) showUnits(say, affected);
  }
};

/** People whom it asks something. */
const asked = ({ newly, again, still }: Renewal): number => newly.people + again.people + still.people;

const textOf = ({ changes }: Preview["changes"][number]): string => plainText(changes.passages);

const showChanges = (terminal: Terminal, { changes }: Preview): void => {
  for (const each of changes) {
    const text = textOf(each);
    const { locale } = each;
    terminal.out(terminal.say(phrase(text === "" ? "renewal.same" : "renewal.changes", { locale })));
    for (const line of text.split("\n").filter((part) => part !== "")) terminal.out(`  ${line}`);
  }
};

const dryRun = async (tools: Toolbox, version: Version, json: boolean, terminal: Terminal): Promise<number> => {
  const found = await previewSupersession(tools.superseding, version);
  if (found.kind !== "preview") return refuse(terminal, found);
  const { preview, seconds, dueAt, provisional, reasons } = found;
  const say = (words: Phrase) => terminal.out(terminal.say(words));
  if (json) {
    const { notice: _, recipientSet: __, old, ...facts } = preview;
    const personMinutes = Math.ceil((asked(preview) * seconds) / 60);
    const changes = found.changes.map((each) => ({ locale: each.locale, text: textOf(each) }));
    const sendSeconds = travel(preview, tools.pace);
    const head = { number: version.draft.number, supersedes: old.number };
    terminal.out(JSON.stringify({ ...head, ...facts, reasons, changes, dueAt, personMinutes, sendSeconds }));
    return 0;
  }
  say(phrase("renewal.head", { old: version.replaces, number: version.draft.number, version: preview.version }));
  showGroups(say, found);
  showChanges(terminal, found);
  showPlan(terminal, preview, { people: asked(preview), seconds, dueAt, provisional, pace: tools.pace });
  return 0;
};

/** `chuanda supersede`: a new version in the place of a notice, checked as wholly as one that is published. */
export const showSupersede = async (
  tools: Toolbox,
  invocation: SupersedeInvocation,
  terminal: Terminal,
): Promise<number> => {
  const replaces = normaliseNumber(invocation.number) ?? invocation.number;
  const read = await tools.readNotice(invocation.file, replaces);
  if ("problems" in read) return showProblems(terminal, read.problems);
  const version = { replaces, draft: read.draft, askAgain: invocation.askAgain };
  if (invocation.dryRun) return dryRun(tools, version, invocation.json, terminal);
  const done = await supersedeNotice(tools.superseding, version);
  if (done.kind !== "superseded") return refuse(terminal, done);
  const { number } = read.draft;
  const { version: place, recipients, units, obligations, excluded, carried, cancelled, stopped, told } = done.result;
  const figures = { version: place, recipients, units, obligations, excluded, carried, cancelled, stopped, told };
  const { reasons, dueAt } = done;
  terminal.out(
    invocation.json
      ? JSON.stringify({ number, supersedes: replaces, ...figures, reasons, dueAt })
      : terminal.say(phrase("supersede.done", { number, old: replaces, version: place, recipients, carried, told })),
  );
  return 0;
};
