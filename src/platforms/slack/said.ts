import type { Action } from "../../dialogue/action.ts";
import type { Address } from "../../domain/address.ts";
import type { Incoming } from "../../ports/chat-platform.ts";
import type { Keys } from "../../ports/keys.ts";
import type { Filled } from "./view-state.ts";

/** What somebody did on a surface of Slack's own, which we answer ourselves. */
export type Asked =
  | { readonly kind: "open-text" | "open-form"; readonly action: Action }
  | { readonly kind: "open-code" }
  | { readonly kind: "home" };

/** What a request says. */
export type Said =
  /** Slack asks whether it is us that it posts to. */
  | { readonly kind: "challenge"; readonly challenge: string }
  /** `home`: it was done in the App Home, which shows what has come of it. */
  | { readonly kind: "incoming"; readonly incoming: Incoming; readonly home: boolean }
  | { readonly kind: "asked"; readonly asked: Asked; readonly from: Address; readonly trigger: string }
  | { readonly kind: "filled"; readonly filled: Filled; readonly from: Address; readonly id: string }
  /** The workspace has thrown us out, or taken the token back. */
  | { readonly kind: "expelled"; readonly event: string }
  /** Slack keeps events back, for there were too many. */
  | { readonly kind: "limited" }
  /** No concern of ours. */
  | { readonly kind: "nothing" };

export interface ReadParts {
  readonly keys: Pick<Keys, "readButton">;
  /** The workspace whose token we have. */
  readonly home: string;
}

export const NOTHING: Said = { kind: "nothing" };

type What = Incoming["what"];

/** Slack tells no language with what people do; whoever enrols is asked. */
export const incoming = (eventId: string, from: Address, what: What, home = false): Said => ({
  kind: "incoming",
  incoming: { id: eventId, from, language: null, what },
  home,
});

/** Words after the slash command, and names of shortcuts, that mean what they mean on every platform. */
const COMMANDS: ReadonlySet<string> = new Set(["start", "todo", "help", "language", "cancel", "proxy"]);

/** A command, with or without its slash; anything else is words. */
export const written = (text: string): What => {
  const [, name = "", argument = ""] = /^\/?([a-z]+)(?:\s+([\s\S]*))?$/iu.exec(text.trim()) ?? [];
  const isCommand = COMMANDS.has(name.toLowerCase());
  return isCommand ? { kind: "command", name: name.toLowerCase(), argument: argument.trim() } : { kind: "text", text };
};
