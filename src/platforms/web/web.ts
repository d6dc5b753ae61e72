import { setTimeout as sleep } from "node:timers/promises";
import { tooMuch } from "../../dialogue/too-much.ts";
import type { SendOutcome } from "../../domain/delivery.ts";
import type { ChatView } from "../../html/chat-view.ts";
import type { ChatPlatform, Limits, SendOptions } from "../../ports/chat-platform.ts";
import { PAGE_MESSAGES } from "./chat-page.ts";
import { chatRoutes } from "./chat-routes.ts";
import type { Desk } from "./desk.ts";
import { drawChat, drawTurn } from "./draw.ts";
import { enterRoutes } from "./enter-routes.ts";
import { followers } from "./followers.ts";
import { inlet } from "./inlet.ts";
import { joinRoutes } from "./join-routes.ts";
import { outbox } from "./outbox.ts";
import { type ActAs, addressOf, type WebParts } from "./parts.ts";
import { seatByCookie, seatOf } from "./seat.ts";
import { sessions } from "./sessions.ts";

export interface WebPlatform extends ChatPlatform {
  /** The same chats for pages that hold several of them. */
  readonly view: ChatView;
}

/** Nothing here is limited by anybody else; `concurrency` is what gathers well into one statement. */
const LIMITS: Limits = {
  text: 20_000,
  buttons: 20,
  buttonBytes: 32,
  perSecond: null,
  redraws: null,
  perChat: null,
  perGroup: null,
  isGroup: () => false,
  concurrency: 50,
  editSeconds: null,
  receipts: false,
  idempotent: true,
};

type Sending = Pick<ChatPlatform, "send" | "redraw">;

/** In doubt when it took too long or broke: it may have been written, and writing it again would change nothing. */
const bounded = async (
  { clock, log }: WebParts,
  { deadline }: SendOptions,
  work: () => Promise<SendOutcome>,
): Promise<SendOutcome> => {
  const left = deadline.getTime() - clock.real().getTime();
  const over = new AbortController();
  const late = sleep(Math.max(left, 0), { kind: "in-doubt" } as const, { signal: over.signal });
  try {
    return await Promise.race([work(), late]);
  } catch (err) {
    log.warn("chat-not-written", { err });
    return { kind: "in-doubt" };
  } finally {
    over.abort();
  }
};

const sending = ({ parts, append, followers }: Desk): Sending => ({
  send: ({ chat }, card, options) =>
    bounded(parts, options, async () => {
      const why = tooMuch(card, LIMITS);
      if (why) return { kind: "refused", why };
      const at = parts.clock.now();
      const ref = await append({ chat, key: `ours-${options.key}`, body: { side: "ours", card }, at });
      return ref === null ? { kind: "gone", why: "unknown-chat" } : { kind: "sent", ref };
    }),
  redraw: ({ chat }, ref, card, options) =>
    bounded(parts, options, async () => {
      const why = tooMuch(card, LIMITS);
      if (why) return { kind: "refused", why };
      if (await parts.chats.redraw(chat, ref, card)) {
        followers.wake(chat);
        return { kind: "sent", ref };
      }
      const known = await parts.chats.reader(addressOf(chat));
      return known ? { kind: "refused", why: "unknown-message" } : { kind: "gone", why: "unknown-chat" };
    }),
});

const viewOf = ({ parts, followers }: Desk): ChatView => ({
  draw: async (place, locale) => {
    const seq = (await parts.chats.heads([place.chat])).get(place.chat);
    if (seq === undefined) return null;
    const messages = await parts.chats.history(place.chat, PAGE_MESSAGES);
    return { markup: drawChat(parts, place, locale, messages, null), seq };
  },
  follow: (from, send, signal) =>
    followers.follow(
      from,
      (message) => send({ seq: message.seq, data: drawTurn(parts, from, from.locale, message) }),
      signal,
    ),
});

/** The web chat: a platform like the others, whose messages are rows and whose client is a page. */
export const webPlatform = (parts: WebParts, actAs: readonly ActAs[] = []): WebPlatform => {
  const watching = followers(parts.chats, parts.log);
  const guarding = sessions(parts.access, parts.clock, parts.log);
  const door = inlet(parts);
  const desk: Desk = {
    parts,
    inlet: door,
    append: outbox(parts.chats, watching.wake),
    followers: watching,
    sessions: guarding,
  };
  return {
    name: "web",
    limits: LIMITS,
    routes: [
      ...chatRoutes(desk, "/chat", seatByCookie(parts)),
      ...enterRoutes(parts),
      ...joinRoutes(desk),
      ...actAs.flatMap(({ base, chat }) => chatRoutes(desk, base, seatOf(parts, chat))),
    ],
    view: viewOf(desk),
    start: async (receive) => door.open(receive),
    stop: async () => {
      await door.close();
      watching.stop();
      guarding.stop();
    },
    ...sending(desk),
  };
};
