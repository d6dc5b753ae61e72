import type { Phrase } from "../dialogue/phrase.ts";
import { onDay, phrase } from "../dialogue/phrase.ts";
import { flowOf, lasts } from "../domain/pace.ts";
import type { PublicationPreview } from "../ports/store/notice-store.ts";
import type { PublishRefusal } from "../services/publish-notice.ts";
import { previewNotice, publishNotice } from "../services/publish-notice.ts";
import { rehearseNotice } from "../services/rehearse-notice.ts";
import type { PublishInvocation } from "./invocation.ts";
import { showProblems } from "./show-problems.ts";
import { showTimeline } from "./show-timeline.ts";
import type { Terminal } from "./terminal.ts";
import type { Toolbox } from "./toolbox.ts";

/** The unreached are listed up to this many; the rest is counted. */
const MOST_UNREACHED = 20;

export const publishRefusal = (refused: PublishRefusal): Phrase => {
  const { kind, ...values } = refused;
  return phrase(`publish.${kind}`, values);
};

/** How long the platforms' own limits make it take, in seconds: by the arithmetic that keeps to them. */
export const travel = (preview: PublicationPreview, pace: Toolbox["pace"]): number => {
  const micros = preview.byPlatform.map(({ platform, people }) => {
    const perSecond = platform && pace[platform];
    return perSecond ? lasts(people, flowOf(platform, { count: perSecond, seconds: 1, burst: 1 })) : 0;
  });
  return Math.ceil(Math.max(0, ...micros) / 1_000_000);
};

interface Plan {
  /** Whom it asks something. */
  readonly people: number;
  /** What it takes each of them. */
  readonly seconds: number;
  readonly dueAt: Date | null;
  readonly provisional: boolean;
  readonly pace: Toolbox["pace"];
}

const showUnreached = (say: (words: Phrase) => void, { unreachable }: PublicationPreview): void => {
  if (unreachable.length > 0) say(phrase("preview.unreachable", { count: unreachable.length }));
  for (const { code, unit, why } of unreachable.slice(0, MOST_UNREACHED))
    say(phrase("preview.unreachable.unit", { unit, code, why: phrase(`unreachable.${why}`) }));
  const more = unreachable.length - MOST_UNREACHED;
  if (more > 0) say(phrase("preview.unreachable.more", { count: more }));
};

/** By when, over what, to whom, what it costs, and who is not reached. */
export const showPlan = (
  terminal: Terminal,
  preview: PublicationPreview,
  { people, seconds, dueAt, provisional, pace }: Plan,
): void => {
  const say = (words: Phrase) => terminal.out(terminal.say(words));
  if (dueAt) say(phrase("preview.due", { at: onDay(dueAt) }));
  if (provisional) say(phrase("due.provisional"));
  for (const { platform, people: count } of preview.byPlatform)
    if (platform) say(phrase("preview.platform", { platform, count }));
  for (const { kind, units } of preview.byKind)
    say(phrase("preview.kind", { kind: phrase(`kind.${kind}`), count: units }));
  for (const { depth, units } of preview.byTier) say(phrase("preview.tier", { tier: depth + 1, count: units }));
  if (preview.excluded > 0) say(phrase("coverage.excluded", { count: preview.excluded }));
  say(phrase("preview.cost", { people, seconds, minutes: Math.ceil((people * seconds) / 60) }));
  const duration = travel(preview, pace);
  if (duration > 0) say(phrase("preview.travel", { seconds: duration }));
  showUnreached(say, preview);
};

const dryRun = async (tools: Toolbox, terminal: Terminal, asked: PublishInvocation, draft: Draft, at: Date | null) => {
  const found = await previewNotice(tools.publishing, draft, at);
  if (found.kind !== "preview") return refuse(terminal, found);
  const { preview, seconds, dueAt, provisional } = found;
  const rehearsed = asked.timeline ? await rehearseNotice(tools.rehearsing, draft, at) : null;
  if (rehearsed && rehearsed.kind !== "rehearsed") return refuse(terminal, rehearsed);
  if (asked.json) {
    const { notice: _, recipientSet: __, ...facts } = preview;
    const minutes = (preview.recipients * seconds) / 60;
    terminal.out(
      JSON.stringify({
        ...facts,
        dueAt,
        dueProvisional: provisional,
        ...(rehearsed && { timeline: rehearsed.timeline }),
        personMinutes: Math.ceil(minutes),
        sendSeconds: travel(preview, tools.pace),
      }),
    );
  } else {
    const { recipients: people, units } = preview;
    terminal.out(terminal.say(phrase("preview.head", { recipients: people, units })));
    showPlan(terminal, preview, { people, seconds, dueAt, provisional, pace: tools.pace });
    if (rehearsed) showTimeline(terminal, rehearsed.timeline);
  }
  return 0;
};

type Draft = Parameters<typeof publishNotice>[1];

const refuse = (terminal: Terminal, refused: PublishRefusal): number => {
  terminal.err(terminal.say(publishRefusal(refused)));
  return 1;
};

/** `chuanda publish`: a notice file, checked completely before anything is written. */
export const showPublish = async (tools: Toolbox, asked: PublishInvocation, terminal: Terminal): Promise<number> => {
  const read = await tools.readNotice(asked.file);
  if ("problems" in read) return showProblems(terminal, read.problems);
  const at = asked.at === null ? null : new Date(asked.at);
  if (asked.dryRun) return dryRun(tools, terminal, asked, read.draft, at);
  const done = await publishNotice(tools.publishing, read.draft, at);
  if (done.kind !== "published") return refuse(terminal, done);
  const { recipients, units, obligations, excluded } = done.result;
  const { number } = read.draft;
  terminal.out(
    asked.json
      ? JSON.stringify({
          ...{ number, recipients, units, obligations, excluded, dueAt: done.dueAt },
          dueProvisional: done.provisional,
        })
      : terminal.say(phrase("publish.done", { number, recipients, units })),
  );
  if (done.provisional && !asked.json) terminal.out(terminal.say(phrase("due.provisional")));
  return 0;
};
