import { officeWords } from "../forms/office-words.ts";
import { type Phrase, type PhraseKey, phrase } from "../phrase.ts";
import type { Button, Screen } from "../screen.ts";
import { screen } from "../screen.ts";
import type { ApprovalView } from "../view.ts";

const NAMED = ["telegram", "slack", "feishu", "dingtalk", "wecom", "web"] as const;

const platformWords = (platform: ApprovalView["platform"]): Phrase => {
  const named = NAMED.find((name) => name === platform);
  return phrase(named ? `platform.${named}` : "platform.other");
};

const question = (view: ApprovalView): Phrase => {
  const office = { unit: view.unitName, post: officeWords(view) };
  return view.self
    ? phrase("approval.ask.self", { platform: platformWords(view.platform), ...office })
    : phrase("approval.ask", { name: view.name, ...office });
};

const button = (key: PhraseKey, action: Button<Phrase>["action"]): Button<Phrase> => ({
  label: phrase(key),
  action,
  primary: false,
  asks: null,
});

const buttons = ({ enrolment, self }: ApprovalView): readonly Button<Phrase>[] => [
  button(self ? "approval.self.yes" : "approval.yes", { do: "approve", enrolment }),
  button(self ? "approval.self.no" : "approval.no", { do: "refuse", enrolment }),
];

/** Asks whether somebody may enrol; once that is settled, says how. */
export const approvalScreen = (view: ApprovalView | null): Screen<Phrase> => {
  if (!view) return screen({ lines: [phrase("approval.gone")], fallback: phrase("approval.gone") });
  if (view.state === "waiting") {
    const words = question(view);
    return screen({ lines: [words], buttons: buttons(view), fallback: words });
  }
  const words = phrase(`approval.${view.state}`, { unit: view.unitName, post: officeWords(view) });
  return screen({ lines: [words], fallback: words });
};
