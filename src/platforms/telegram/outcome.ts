import type { SendOutcome } from "../../domain/delivery.ts";
import type { HttpAnswer, NoAnswer } from "../../ports/http.ts";
import type { Attempt } from "../sending.ts";
import { addressOf } from "./address.ts";

/** The Bot API's envelope (core.telegram.org/bots/api#making-requests). */
export interface ApiAnswer {
  readonly ok?: unknown;
  readonly result?: unknown;
  readonly description?: unknown;
  readonly parameters?: { readonly retry_after?: unknown; readonly migrate_to_chat_id?: unknown };
}

type Scope = Extract<SendOutcome, { kind: "later" }>["scope"];

/**
 * The texts by which the official server says that nobody is reached: `Client.cpp` of tdlib/telegram-bot-api, lines 71–190
 * and 8110–8185. Some of them come as 400 and some as 403, so that the text is asked and not the code.
 */
const UNREACHED: readonly (readonly [text: string, why: string])[] = [
  ["bot was blocked by the user", "blocked"],
  ["user is deactivated", "deactivated"],
  ["bot can't initiate conversation with a user", "not-started"],
  ["chat not found", "not-started"],
  ["peer_id_invalid", "not-started"],
  ["bot was kicked from the", "removed"],
  ["bot is not a member of the", "removed"],
  ["the group chat was deleted", "removed"],
  ["have no rights to send a message", "removed"],
  ["chat_write_forbidden", "removed"],
  ["message thread not found", "removed"],
];

/** A wait as long as this is never about the whole bot: 18,053 s and 73,414 s were seen for one chat (telegraf#1390). */
const LONG_WAIT_S = 120;
/** While the token is refused nothing can be sent; it is asked again now and then, for it may have been mended. */
const TOKEN_WAIT_MS = 60_000;

const waitScope = (seconds: number, { ref, recent }: Attempt): Scope => {
  if (ref !== null) return "method";
  return recent || seconds > LONG_WAIT_S ? "chat" : "bot";
};

/** Whether an answer says that the token is not (or no longer) a bot's. */
export const isUnauthorised = ({ status, body }: HttpAnswer): boolean =>
  (status === 401 || status === 404) && (body as ApiAnswer | null)?.ok === false;

const refusal = (answer: HttpAnswer, asked: Attempt): SendOutcome => {
  const { description = "", parameters = {} } = (answer.body ?? {}) as ApiAnswer;
  const text = String(description);
  if (answer.status === 429) {
    const seconds = Number(parameters.retry_after ?? answer.retryAfter ?? 1);
    return { kind: "later", ms: seconds * 1_000, scope: waitScope(seconds, asked) };
  }
  const moved = Number(parameters.migrate_to_chat_id ?? Number.NaN);
  if (Number.isSafeInteger(moved)) return { kind: "moved", to: addressOf(moved) };
  if (asked.ref !== null && text.includes("message is not modified")) return { kind: "sent", ref: asked.ref };
  const unreached = UNREACHED.find(([part]) => text.toLowerCase().includes(part));
  if (unreached) return { kind: "gone", why: unreached[1] };
  if (isUnauthorised(answer)) return { kind: "later", ms: TOKEN_WAIT_MS, scope: "bot" };
  // A gateway that fails has perhaps handed the request on before.
  if (answer.status >= 500) return { kind: "in-doubt" };
  // Not the Bot API but something in front of it: a proxy's page, a wrong TELEGRAM_API_ROOT.
  if (answer.body === null) return { kind: "later", ms: TOKEN_WAIT_MS, scope: "bot" };
  return { kind: "refused", why: text.slice(0, 200) || `status ${answer.status}` };
};

/** What the Bot API's answer, or its silence, means for the message. */
export const outcome = (answer: HttpAnswer | NoAnswer, asked: Attempt): SendOutcome => {
  if (answer.kind !== "answered")
    return answer.kind === "not-sent" ? { kind: "later", ms: 1_000, scope: "bot" } : { kind: "in-doubt" };
  const { ok, result } = (answer.body ?? {}) as ApiAnswer;
  if (ok !== true) return refusal(answer, asked);
  const id = (result as { readonly message_id?: unknown } | null)?.message_id;
  return { kind: "sent", ref: asked.ref ?? String(id) };
};
