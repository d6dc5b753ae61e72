import { onDay, type Phrase, type PhraseKey, phrase } from "../dialogue/phrase.ts";
import type { Rehearsed } from "../ports/store/chase-store.ts";
import type { Terminal } from "./terminal.ts";

const WHAT: Readonly<Record<string, PhraseKey>> = {
  notice: "timeline.notice",
  reminder: "timeline.reminder",
  deputy: "timeline.deputy",
  task: "timeline.task",
  digest: "timeline.digest",
};

const whatOf = ({ kind, level, people, units }: Rehearsed): Phrase => {
  if (kind === "above") return phrase(level === 2 ? "timeline.above-2" : "timeline.above", { units, people });
  return phrase(WHAT[kind] ?? "timeline.other", { people, units });
};

/** A line for everything that would be sent, with its local time and why it comes. */
export const showTimeline = (terminal: Terminal, timeline: readonly Rehearsed[]): void => {
  terminal.out("");
  terminal.out(terminal.say(phrase("timeline.head")));
  for (const each of timeline) {
    const what = whatOf(each);
    const words =
      each.bypass === null
        ? what
        : phrase("timeline.bypass", { what, why: phrase(`bypass.${each.bypass}` as PhraseKey) });
    terminal.out(terminal.say(phrase("timeline.line", { at: onDay(each.at), what: words })));
  }
  if (timeline.length === 0) terminal.out(terminal.say(phrase("timeline.nothing")));
};
