import type { SendOutcome } from "../../domain/delivery.ts";
import type { HttpAnswer, NoAnswer } from "../../ports/http.ts";
import type { Attempt } from "../sending.ts";
import { placeOf, refOf } from "./address.ts";
import type { ApiAnswer } from "./api.ts";

type Meaning = "gone" | "wrong-set-up" | "wait" | "in-doubt";

const meaning = (what: Meaning, errors: string): readonly (readonly [error: string, what: Meaning])[] =>
  errors.split(" ").map((error) => [error, what]);

/**
 * What the errors of chat.postMessage, chat.update and conversations.open mean (docs.slack.dev/reference/methods). Whatever
 * is not here will not become right by asking again.
 */
const ERRORS: ReadonlyMap<string, Meaning> = new Map([
  ...meaning("gone", "channel_not_found user_not_found users_not_found user_disabled user_not_visible is_archived"),
  ...meaning("gone", "cannot_dm_bot not_in_channel is_inactive account_deactivated"),
  // The app or its token: nobody is reached until an administrator has mended it.
  ...meaning("wrong-set-up", "not_authed invalid_auth account_inactive token_revoked token_expired app_uninstalled"),
  ...meaning("wrong-set-up", "missing_scope no_permission not_allowed_token_type access_denied messages_tab_disabled"),
  ...meaning("wrong-set-up", "org_login_required ekm_access_denied team_access_not_granted two_factor_setup_required"),
  ...meaning("wait", "ratelimited rate_limited message_limit_exceeded team_added_to_org service_unavailable"),
  // "It's possible some aspect of the operation succeeded before the error was raised."
  ...meaning("in-doubt", "fatal_error internal_error"),
]);

/** While the set-up is wrong nothing can be sent; it is asked again now and then, for it may have been mended. */
const SET_UP_WAIT_MS = 60_000;
const DEFAULT_WAIT_S = 1;

/** Slack's own word for what went wrong; null for what worked, or where there is none. */
export const errorOf = (answer: HttpAnswer | NoAnswer): string | null => {
  const body = answer.kind === "answered" ? (answer.body as ApiAnswer | null) : null;
  return body && body.ok !== true && typeof body.error === "string" ? body.error : null;
};

/** Whether an error says that the app is not set up as it has to be. */
export const isWrongSetUp = (answer: HttpAnswer | NoAnswer): boolean =>
  ERRORS.get(errorOf(answer) ?? "") === "wrong-set-up";

/** A limit is of one method, and of chat.postMessage also of one conversation (docs.slack.dev/apis/web-api/rate-limits). */
const limited = ({ retryAfter }: HttpAnswer, { ref, recent }: Attempt): SendOutcome => ({
  kind: "later",
  ms: (retryAfter ?? DEFAULT_WAIT_S) * 1_000,
  scope: ref === null && recent ? "chat" : "method",
});

const refusal = (answer: HttpAnswer, asked: Attempt): SendOutcome => {
  const error = errorOf(answer);
  if (answer.status === 429) return limited(answer, asked);
  if (error === null) {
    // A gateway that fails has perhaps handed the request on before; anything else stands before Slack: a proxy's page.
    if (answer.status >= 500 && answer.retryAfter === null) return { kind: "in-doubt" };
    return { kind: "later", ms: (answer.retryAfter ?? SET_UP_WAIT_MS / 1_000) * 1_000, scope: "bot" };
  }
  const what = ERRORS.get(error);
  if (what === "gone") return { kind: "gone", why: error };
  if (what === "wrong-set-up") return { kind: "later", ms: SET_UP_WAIT_MS, scope: "bot" };
  if (what === "wait") return limited(answer, asked);
  return what === "in-doubt" ? { kind: "in-doubt" } : { kind: "refused", why: error.slice(0, 200) };
};

/** What the Web API's answer, or its silence, means for the message. */
export const outcome = (answer: HttpAnswer | NoAnswer, asked: Attempt): SendOutcome => {
  if (answer.kind !== "answered")
    return answer.kind === "not-sent" ? { kind: "later", ms: 1_000, scope: "bot" } : { kind: "in-doubt" };
  const { ok, channel, ts } = (answer.body ?? {}) as ApiAnswer;
  if (ok !== true) return refusal(answer, asked);
  if (asked.ref !== null) return { kind: "sent", ref: asked.ref };
  const ref = refOf({ channel: String(channel), ts: String(ts) });
  // Without its place a message could never be drawn again; an answer that lacks it is none of Slack's.
  return placeOf(ref) ? { kind: "sent", ref } : { kind: "in-doubt" };
};
