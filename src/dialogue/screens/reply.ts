import type { Phrase } from "../phrase.ts";
import { phrase } from "../phrase.ts";
import type { Button, Screen } from "../screen.ts";
import { screen } from "../screen.ts";
import type { DeliveryView } from "../view.ts";

const WAYS_ON: readonly Button<Phrase>[] = [
  { label: phrase("button.todo"), action: { do: "todo" }, primary: false, asks: null },
  { label: phrase("button.proxy-list"), action: { do: "proxy-list", from: 0 }, primary: false, asks: null },
];

/** Replies after which a person needs to be told what they can do here. */
const OPEN_ENDED: ReadonlySet<string> = new Set([
  "reply.help",
  "reply.stray",
  "reply.wordless",
  "enrol.welcome",
  "reply.stale",
  "reply.foreign",
  "reply.superseded.owed",
]);

/** A short answer in the chat. */
export const replyScreen = (view: DeliveryView): Screen<Phrase> => {
  const said = view.phrase ?? phrase("reply.help");
  // A name stands nowhere but in its own cell: words that call the reader by theirs get it here.
  const words = { ...said, values: { name: view.reader.name, ...said.values } };
  return screen({ lines: [words], buttons: OPEN_ENDED.has(words.key) ? WAYS_ON : [], fallback: words });
};
