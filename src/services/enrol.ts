import { start } from "../dialogue/form/turn.ts";
import { enrolment } from "../dialogue/forms/enrolment.ts";
import { readCode } from "../domain/invitation-code.ts";
import { localeOf } from "../domain/language.ts";
import type { Incoming } from "../ports/chat-platform.ts";
import type { Keys } from "../ports/keys.ts";
import type { Pressed, Sender } from "../ports/store/answer-store.ts";
import type { EnrolmentStore } from "../ports/store/enrolment-store.ts";
import { type ConverseParts, cancelForm, fillForm, pressForm, tellForm } from "./converse.ts";

export interface EnrolParts extends ConverseParts {
  readonly enrolments: EnrolmentStore;
  readonly keys: Pick<Keys, "tokenHash">;
}

type What = Incoming["what"];

/** The code in what somebody sent: after /start, in a link, or by itself; null where there is none. */
export const codeIn = (what: What): string | null => {
  if (what.kind === "text" || what.kind === "media") return readCode(what.text);
  return what.kind === "command" && what.name === "start" ? readCode(what.argument) : null;
};

/** Takes down whoever writes and is not known. Null for an address that acts through another one now. */
export const meet = ({ enrolments, clock }: EnrolParts, { from, language }: Incoming): Promise<Sender | null> =>
  enrolments.meet(from, localeOf(language), clock.real());

/** A code that anybody brings: it begins the form, or gets its one line. */
export const bringCode = async (
  { enrolments, keys, clock }: EnrolParts,
  press: Pressed,
  code: string,
): Promise<void> => {
  await enrolments.bring(press, keys.tokenHash(code), (facts) => start(enrolment, facts), clock.real());
};

/** What is kept for later: what somebody wanted of us, and not that they said hello. */
const worthKeeping = (what: What): boolean => {
  if (what.kind === "command") return what.name !== "start" && what.name !== "help" && what.name !== "cancel";
  if (what.kind === "media") return what.items.length > 0 || what.text !== "";
  return what.kind === "press" || what.kind === "text";
};

/** /start with something that is no code is a code that is none; anything else may be an answer to the form. */
const answered = async (parts: EnrolParts, press: Pressed, what: What): Promise<boolean> => {
  if (what.kind === "text" || what.kind === "media") return tellForm(parts, press, what.text);
  if (what.kind === "form") return fillForm(parts, press, what);
  if (what.kind === "command" && what.name === "cancel") return cancelForm(parts, press);
  if (what.kind === "command" && what.name === "start" && what.argument.trim() !== "") {
    await bringCode(parts, press, what.argument);
    return true;
  }
  return what.kind === "press" && what.action.do === "answer"
    ? pressForm(parts, press, what.action.draft, what.action.mark)
    : false;
};

/** What somebody unknown does: it answers the form they are in, or is kept until they are enrolled. */
export const hearGuest = async (parts: EnrolParts, press: Pressed, incoming: Incoming): Promise<void> => {
  const { what } = incoming;
  if (await answered(parts, press, what)) return;
  await parts.enrolments.keep(press, worthKeeping(what) ? incoming : null, parts.clock.real());
};
