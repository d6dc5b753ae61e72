import type { Update } from "telegraf/types";
import type { Card } from "../../dialogue/screen.ts";
import type { Address } from "../../domain/address.ts";
import type { SendOutcome } from "../../domain/delivery.ts";
import type { ChatPlatform, Limits, SendOptions } from "../../ports/chat-platform.ts";
import { breaker } from "../breaker.ts";
import { inlet } from "../inlet.ts";
import { recently } from "../recently.ts";
import { addressOf, type Place, placeOf } from "./address.ts";
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

type Sending = Pick<ChatPlatform, "send" | "redraw">;

const sending = (parts: TelegramParts, api: Api): Sending => {
  const { clock, keys, log, say } = parts;
  const written = recently();
  const guard = breaker();
  /** A tap tells its chat and not always its topic. */
  const draw = ({ chat_id: chat }: Place, card: Card) =>
    drawMessage(card, { code: (action) => keys.buttonCode(action, addressOf(chat)), say });

  const call = async (to: Address, ref: string | null, card: Card, { deadline }: SendOptions): Promise<SendOutcome> => {
    const place = placeOf(to.chat);
    if (!place) return { kind: "gone", why: "not-started" };
    const body = draw(place, card);
    if (!body) return { kind: "refused", why: "text-too-long" };
    const rest = guard.restMs(clock.real());
    if (rest > 0) return { kind: "later", ms: rest, scope: "bot" };
    const recent = ref === null && written(to.chat, clock.real());
    const answer = await (ref === null
      ? api.call("sendMessage", { ...place, ...body }, deadline)
      : api.call("editMessageText", { chat_id: place.chat_id, message_id: Number(ref), ...body }, deadline));
    if (answer.kind === "answered" && isUnauthorised(answer))
      log.error("telegram-token-refused", { variable: "TELEGRAM_BOT_TOKEN" });
    const result = outcome(answer, { ref, recent });
    guard.saw(result, clock.real());
    return result;
  };

  return {
    send: (to, card, options) => call(to, null, card, options),
    redraw: (to, ref, card, options) => call(to, ref, card, options),
  };
};

/** Telegram, with updates by webhook or by long polling. */
export const telegramPlatform = (parts: TelegramParts): ChatPlatform => {
  const { http, token, clock, log, webhook, keys } = parts;
  const api = openApi(http, token, clock);
  const door = inlet();

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
    const stored = await door.take(found.incoming).catch((err: unknown) => {
      log.warn("event-not-stored", { platform: "telegram", err });
      return false;
    });
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
    ...sending(parts, api),
    file: (reference, signal) => fetchFile(api, reference, signal),
  };
};
