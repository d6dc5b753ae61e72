import type { View } from "@slack/types";
import { phrase } from "../../dialogue/phrase.ts";
import { readCode } from "../../domain/invitation-code.ts";
import type { Incoming } from "../../ports/chat-platform.ts";
import { formLocale, standingOf } from "./form-window.ts";
import type { Home } from "./home.ts";
import type { SlackParts } from "./parts.ts";
import type { Said } from "./said.ts";
import type { Show } from "./surfaces.ts";
import type { Filled } from "./view-state.ts";
import { lineWindow } from "./windows.ts";

/** What Slack is told: that we have it, with an answer where one is due; or that we do not. */
export type Heard = { readonly taken: true; readonly answer: object | null } | { readonly taken: false };

interface HearParts {
  readonly parts: Pick<SlackParts, "say" | "defaultLocale" | "drafts" | "clock" | "log">;
  /** Whether an event is stored. */
  readonly take: (incoming: Incoming) => Promise<boolean>;
  readonly show: Show;
  readonly home: Pick<Home, "refresh">;
}

const TAKEN: Heard = { taken: true, answer: null };
const update = (view: View): Heard => ({ taken: true, answer: { response_action: "update", view } });
const errors = (of: Readonly<Record<string, string>>): Heard => ({
  taken: true,
  answer: { response_action: "errors", errors: of },
});
/** Also closes the windows beneath. */
const CLEARED: Heard = { taken: true, answer: { response_action: "clear" } };

type Sent = Pick<Extract<Said, { kind: "filled" }>, "from" | "id">;

const stored = async ({ take }: HearParts, { from, id }: Sent, what: Incoming["what"]): Promise<Heard> =>
  (await take({ id, from, language: null, what })) ? CLEARED : { taken: false };

/** A form is judged while its window is open, and what is wrong is said beside its question; only a whole one is an event. */
const form = async (hear: HearParts, sent: Sent, filled: Extract<Filled, { kind: "form" }>): Promise<Heard> => {
  const { say, defaultLocale, drafts, clock } = hear.parts;
  const draft = await drafts.read(sent.from, filled.draft, clock.real());
  const standing = draft && standingOf(draft, filled.replies, say, defaultLocale);
  if (!draft || !standing) return update(lineWindow(phrase("form.over"), defaultLocale, say));
  if (standing.kind === "more") return update(standing.view);
  if (standing.kind === "whole")
    return stored(hear, sent, { kind: "form", draft: filled.draft, replies: standing.replies });
  const locale = formLocale(draft, filled.replies, defaultLocale);
  return errors(
    Object.fromEntries(Object.entries(standing.problems).map(([name, problem]) => [name, say(problem, locale)])),
  );
};

const filled = async (hear: HearParts, sent: Sent, given: Filled): Promise<Heard> => {
  const { say, defaultLocale } = hear.parts;
  if (given.kind === "form") return form(hear, sent, given);
  if (given.kind === "unknown") return update(lineWindow(phrase("form.over"), defaultLocale, say));
  const code = readCode(given.code);
  return code === null
    ? errors({ code: say(phrase("enrol.bad-code"), defaultLocale) })
    : stored(hear, sent, { kind: "command", name: "start", argument: code });
};

/** Does what a request asks, before it is answered: stores it, or shows a window. Never rejects. */
export const hearing = (hear: HearParts) => {
  const { parts, take, show, home } = hear;
  const done = async (said: Said): Promise<Heard> => {
    switch (said.kind) {
      case "challenge":
        return { taken: true, answer: { challenge: said.challenge } };
      case "incoming": {
        const isTaken = await take(said.incoming);
        if (isTaken && said.home) home.refresh(said.incoming.from, said.incoming.id);
        return isTaken ? TAKEN : { taken: false };
      }
      case "asked":
        return (await show(said)) ? TAKEN : { taken: false };
      case "filled":
        return filled(hear, said, said.filled);
      case "expelled":
        parts.log.error("slack-app-expelled", { event: said.event, variable: "SLACK_BOT_TOKEN" });
        return TAKEN;
      case "limited":
        parts.log.warn("slack-events-limited");
        return TAKEN;
      case "nothing":
        return TAKEN;
    }
  };
  return (said: Said): Promise<Heard> =>
    done(said).catch((err: unknown) => {
      parts.log.warn("event-not-stored", { platform: "slack", err });
      return { taken: false };
    });
};
