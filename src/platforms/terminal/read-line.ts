import type { Action } from "../../dialogue/action.ts";
import type { Incoming } from "../../ports/chat-platform.ts";

/** A button that was printed, under its number. */
export interface NumberedButton {
  readonly ref: string;
  readonly label: string;
  readonly action: Action;
  /** What it asks for beside the press; null where it asks for nothing. */
  readonly asks: string | null;
}

export type Line =
  | { readonly kind: "press"; readonly button: NumberedButton; readonly text: string | null }
  /** The button needs a sentence behind its number. */
  | { readonly kind: "asks"; readonly button: NumberedButton }
  | { readonly kind: "no-button"; readonly number: number }
  | { readonly kind: "act"; readonly what: Incoming["what"] };

const NUMBER = /^(\d{1,5})(?:\s+(.*))?$/su;
const COMMAND = /^[/／](\p{L}[\p{L}\p{N}_-]*)\s*(.*)$/su;

/** What a line means: the number of a button, with a sentence where it asks for one; a command; or words. */
export const readLine = (line: string, buttons: ReadonlyMap<number, NumberedButton>): Line | null => {
  const words = line.trim();
  if (words === "") return null;
  const [, digits, sentence = ""] = NUMBER.exec(words) ?? [];
  if (digits !== undefined) {
    const button = buttons.get(Number(digits));
    if (!button) return { kind: "no-button", number: Number(digits) };
    const text = sentence.trim() || null;
    return button.asks !== null && text === null ? { kind: "asks", button } : { kind: "press", button, text };
  }
  const [, name, argument = ""] = COMMAND.exec(words) ?? [];
  const what = name
    ? ({ kind: "command", name: name.toLowerCase(), argument } as const)
    : ({ kind: "text", text: words } as const);
  return { kind: "act", what };
};
