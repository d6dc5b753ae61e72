import type { View } from "@slack/types";
import type { Action } from "../../dialogue/action.ts";
import { phrase } from "../../dialogue/phrase.ts";
import type { Address } from "../../domain/address.ts";
import type { DraftId } from "../../domain/ids.ts";
import type { Api } from "./api.ts";
import { standingOf } from "./form-window.ts";
import type { Home } from "./home.ts";
import type { SlackParts } from "./parts.ts";
import type { Said } from "./said.ts";
import { codeWindow, lineWindow, textWindow } from "./windows.ts";

/** A window can be opened for three seconds after the press (docs.slack.dev/surfaces/modals#open). */
const OPEN_MS = 2_500;

interface SurfaceParts {
  readonly parts: Pick<SlackParts, "say" | "defaultLocale" | "clock" | "log" | "drafts" | "card">;
  readonly api: Api;
  readonly home: Pick<Home, "open">;
}

/** Shows what was asked for beside messages; false when that did not come about, and the person is to try again. */
export type Show = (said: Extract<Said, { kind: "asked" }>) => Promise<boolean>;

export const surfaces = ({ parts, api, home }: SurfaceParts): Show => {
  const { say, defaultLocale, clock, log } = parts;

  const open = async (trigger: string, view: View): Promise<boolean> => {
    const opened = await api.ask("views.open", { trigger_id: trigger, view }, OPEN_MS);
    if (!opened.ok) log.warn("slack-window-not-opened", { why: opened.why });
    return opened.ok;
  };

  const form = async (from: Address, id: DraftId): Promise<View> => {
    const draft = await parts.drafts.read(from, id, clock.real());
    const standing = draft && standingOf(draft, {}, say, defaultLocale);
    return standing?.kind === "more" ? standing.view : lineWindow(phrase("form.over"), defaultLocale, say);
  };

  const text = async (action: Action): Promise<View> => {
    const card = action.do === "read" ? await parts.card(action.delivery) : null;
    return card ? textWindow(card, say) : lineWindow(phrase("reply.stale"), defaultLocale, say);
  };

  return async ({ asked, from, trigger }) => {
    switch (asked.kind) {
      case "home":
        home.open(from);
        return true;
      case "open-code":
        return open(trigger, codeWindow(defaultLocale, say));
      case "open-text":
        return open(trigger, await text(asked.action));
      case "open-form":
        return open(
          trigger,
          asked.action.do === "answer"
            ? await form(from, asked.action.draft)
            : lineWindow(phrase("form.over"), defaultLocale, say),
        );
    }
  };
};
