import type { Phrase } from "../dialogue/phrase.ts";
import type { Button, Screen } from "../dialogue/screen.ts";

type Say = (words: Phrase) => string;

const button = (from: Button<Phrase>, say: Say): Button<string> => ({
  ...from,
  label: say(from.label),
  asks: from.asks && say(from.asks),
});

/** The same screen in words. */
export const mapScreen = (from: Screen<Phrase>, say: Say): Screen<string> => ({
  ...from,
  standing: from.standing && { ...from.standing, words: say(from.standing.words) },
  urgency: from.urgency && { ...from.urgency, words: say(from.urgency.words) },
  lead: from.lead && say(from.lead),
  lines: from.lines.map(say),
  items: from.items.map((item) => ({
    title: say(item.title),
    detail: item.detail && say(item.detail),
    button: item.button && button(item.button, say),
  })),
  due: from.due && { ...from.due, words: say(from.due.words) },
  notes: from.notes.map(say),
  buttons: from.buttons.map((each) => button(each, say)),
  fallback: say(from.fallback),
});
