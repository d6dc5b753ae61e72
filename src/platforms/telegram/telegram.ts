import type { Update } from "telegraf/types";
import type { ChatPlatform, Limits } from "../../ports/chat-platform.ts";
import { inlet, storing } from "../inlet.ts";
import { sending } from "../sending.ts";
import { addressOf, placeOf } from "./address.ts";
import { type Api, openApi } from "./api.ts";
import { BUTTONS, drawMessage, TEXT } from "./draw.ts";
import { fetchFile } from "./fetch-file.ts";
import { isUnauthorised, outcome } from "./outcome.ts";
import type { TelegramParts } from "./parts.ts";
import { poll } from "./poll.ts";
import { type ReadUpdate, read } from "./read.ts";
import { setUp } from "./set-up.ts";
import { webhookRoute } from "./webhook.ts";

/**
 * The published limits (core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this) and a little less: one
 * message a second to one chat, of which "short bursts" pass, and twenty a minute to a group.
 */
const PER_CHAT = { count: 0.95, seconds: 1, burst: 2 };
const PER_GROUP = { count: 19, seconds: 60, burst: 1 };

const limitsOf = ({ perSecond }: TelegramParts): Limits => ({
  text: TEXT,
  buttons: BUTTONS,
  buttonBytes: 64,
  ...{ perSecond, redraws: null },
  ...{ perChat: PER_CHAT, perGroup: PER_GROUP, isGroup: (chat) => chat.startsWith("-") },
  concurrency: 30,
  // The bot's own messages may be edited for ever (core.telegram.org/bots/api#editmessagetext).
  editSeconds: null,
  receipts: false,
  idempotent: false,
});

/** A tap tells its chat and not always its topic. */
const messages = ({ clock, keys, log, say }: TelegramParts, api: Api): Pick<ChatPlatform, "send" | "redraw"> =>
  sending({
    clock,
    draw: ({ chat }, card) => {
      const place = placeOf(chat);
      if (!place) return { kind: "gone", why: "not-started" };
      const own = addressOf(place.chat_id);
      const message = drawMessage(card, { code: (action) => keys.buttonCode(action, own), say });
      return message ? { body: { place, message } } : { kind: "refused", why: "text-too-long" };
    },
    request: ({ ref, body: { place, message }, deadline }) =>
      ref === null
        ? api.call("sendMessage", { ...place, ...message }, deadline)
        : api.call("editMessageText", { chat_id: place.chat_id, message_id: Number(ref), ...message }, deadline),
    judge: (answer, attempt) => {
      if (answer.kind === "answered" && isUnauthorised(answer))
        log.error("telegram-token-refused", { variable: "TELEGRAM_BOT_TOKEN" });
      return outcome(answer, attempt);
    },
  });

/** Telegram, with updates by webhook or by long polling. */
export const telegramPlatform = (parts: TelegramParts): ChatPlatform => {
  const { http, token, clock, log, webhook, keys } = parts;
  const api = openApi(http, token, clock);
  const door = inlet();
  const store = storing(door, "telegram", log);

  /** Unknown until Telegram has told it; a group's commands that name a bot wait for that. */
  let bot = "";
  /** What cannot be read would come again for a day, and everything behind it would wait so long. */
  const readable = (update: Update): ReadUpdate | null => {
    try {
      return read(update, { keys, bot });
    } catch (err) {
      log.error("update-unreadable", { platform: "telegram", update: update.update_id, err });
      return null;
    }
  };
  const take = async (update: Update): Promise<boolean> => {
    const found = readable(update);
    if (!found) return true;
    const stored = await store(found.incoming);
    // The button's clock stops; nobody waits for it, and one that came too late matters to nobody.
    if (stored && found.query !== null) void api.ask("answerCallbackQuery", { callback_query_id: found.query });
    return stored;
  };

  let polling: { stop(): Promise<void> } | null = null;
  let setting: { stop(): Promise<void> } | null = null;
  return {
    name: "telegram",
    limits: limitsOf(parts),
    routes: webhook ? [webhookRoute(webhook.secret, take)] : [],
    start: async (receive) => {
      door.open(receive);
      setting ??= setUp(parts, api, async (name) => {
        bot = name;
        await parts.named(name);
      });
      if (!webhook) polling ??= poll({ api, parts, take });
    },
    stop: async () => {
      await Promise.all([polling?.stop(), setting?.stop()]);
      [polling, setting] = [null, null];
      await door.close();
    },
    ...messages(parts, api),
    file: (reference, signal) => fetchFile(api, reference, signal),
  };
};
