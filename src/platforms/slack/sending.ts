import type { Card } from "../../dialogue/screen.ts";
import type { Address } from "../../domain/address.ts";
import type { SendOutcome } from "../../domain/delivery.ts";
import type { ChatPlatform, SendOptions } from "../../ports/chat-platform.ts";
import type { HttpAnswer, NoAnswer } from "../../ports/http.ts";
import { breaker } from "../breaker.ts";
import { recently } from "../recently.ts";
import { placeOf, seatOf } from "./address.ts";
import type { Api, ApiAnswer } from "./api.ts";
import { drawMessage, type MessageBody } from "./draw.ts";
import { errorOf, isWrongSetUp, outcome } from "./outcome.ts";
import type { SlackParts } from "./parts.ts";

/** No preview of a link, which would follow it; and words are words (docs.slack.dev/reference/methods/chat.postMessage). */
const AS_WRITTEN = { parse: "none", unfurl_links: false, unfurl_media: false } as const;

/**
 * A message to somebody goes to the conversation that the app has with them, under their own id. Where there is none yet
 * Slack knows no such channel, and it is opened; conversations.open before every message would be fifty a minute.
 */
const post = async (api: Api, user: string, body: MessageBody, deadline: Date): Promise<HttpAnswer | NoAnswer> => {
  const send = (channel: string) => api.call("chat.postMessage", { channel, ...body, ...AS_WRITTEN }, deadline);
  const answer = await send(user);
  if (errorOf(answer) !== "channel_not_found") return answer;
  const opened = await api.call("conversations.open", { users: user }, deadline);
  const { channel } = ((opened.kind === "answered" ? opened.body : null) ?? {}) as ApiAnswer;
  const id = (channel as { readonly id?: unknown } | undefined)?.id;
  if (typeof id === "string") return send(id);
  // Nothing was sent, whatever became of the opening: that is no doubt about the message.
  const isDoubt = outcome(opened, { ref: null, recent: false }).kind === "in-doubt";
  return isDoubt ? { kind: "not-sent", why: "not-opened" } : opened;
};

export const sending = (parts: SlackParts, api: Api, team: () => string): Pick<ChatPlatform, "send" | "redraw"> => {
  const { clock, keys, log, say } = parts;
  const written = recently();
  const guard = breaker();

  const request = async (to: Address, ref: string | null, body: MessageBody, deadline: Date) => {
    const seat = seatOf(to.chat, team());
    // Another workspace's people: there is no token for it.
    if (!seat || seat.team !== team()) return "nobody" as const;
    if (ref === null) return post(api, seat.user, body, deadline);
    const place = placeOf(ref);
    return place ? api.call("chat.update", { ...place, ...body, parse: "none" }, deadline) : ("no-message" as const);
  };

  const call = async (to: Address, ref: string | null, card: Card, { deadline }: SendOptions): Promise<SendOutcome> => {
    const body = drawMessage(card, { code: (action) => keys.buttonCode(action, to), say });
    if (!body) return { kind: "refused", why: "text-too-long" };
    const rest = guard.restMs(clock.real());
    if (rest > 0) return { kind: "later", ms: rest, scope: "bot" };
    const recent = ref === null && written(to.chat, clock.real());
    const answer = await request(to, ref, body, deadline);
    if (answer === "nobody") return { kind: "gone", why: "not-started" };
    if (answer === "no-message") return { kind: "refused", why: "message-not-found" };
    if (isWrongSetUp(answer)) log.error("slack-refused", { variable: "SLACK_BOT_TOKEN", why: errorOf(answer) });
    const result = outcome(answer, { ref, recent });
    guard.saw(result, clock.real());
    return result;
  };

  return {
    send: (to, card, options) => call(to, null, card, options),
    redraw: (to, ref, card, options) => call(to, ref, card, options),
  };
};
