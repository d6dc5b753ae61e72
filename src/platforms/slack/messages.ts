import type { ChatPlatform } from "../../ports/chat-platform.ts";
import type { HttpAnswer, NoAnswer } from "../../ports/http.ts";
import { sending } from "../sending.ts";
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

/** Another workspace's people are nobody: there is no token for them. */
export const messages = (parts: SlackParts, api: Api, team: () => string): Pick<ChatPlatform, "send" | "redraw"> => {
  const { clock, keys, log, say } = parts;
  return sending<MessageBody>({
    clock,
    draw: (to, card) => {
      const body = drawMessage(card, { code: (action) => keys.buttonCode(action, to), say });
      return body ? { body } : { kind: "refused", why: "text-too-long" };
    },
    request: async ({ to, ref, body, deadline }) => {
      const seat = seatOf(to.chat, team());
      if (!seat || seat.team !== team()) return { kind: "gone", why: "not-started" };
      if (ref === null) return post(api, seat.user, body, deadline);
      const place = placeOf(ref);
      if (!place) return { kind: "refused", why: "message-not-found" };
      return api.call("chat.update", { ...place, ...body, parse: "none" }, deadline);
    },
    judge: (answer, attempt) => {
      if (isWrongSetUp(answer)) log.error("slack-refused", { variable: "SLACK_BOT_TOKEN", why: errorOf(answer) });
      return outcome(answer, attempt);
    },
  });
};
