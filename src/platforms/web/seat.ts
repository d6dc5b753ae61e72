import type { Visit } from "../../ports/route.ts";
import type { ChatReader } from "../../ports/store/chat-store.ts";
import { SESSION_DAYS, sessionIn } from "./cookies.ts";
import { addressOf, type WebParts } from "./parts.ts";

/** Whose chat a visit is about, and by what right. */
export interface Seat {
  readonly chat: string;
  readonly reader: ChatReader;
  /** The session behind it; null where anybody may sit (the demo). */
  readonly session: { readonly hash: Uint8Array; readonly token: string } | null;
}

export type FindSeat = (visit: Visit) => Promise<Seat | null>;

/** Until when a session lasts that was used just now. */
export const sessionEnd = (real: Date): Date => new Date(real.getTime() + SESSION_DAYS * 24 * 60 * 60_000);

/** The chat that the visitor's cookie opens. */
export const seatByCookie =
  ({ access, chats, keys, clock, secure }: WebParts): FindSeat =>
  async ({ request }) => {
    const token = sessionIn(request.headers, secure);
    if (!token) return null;
    const real = clock.real();
    const hash = keys.tokenHash(token);
    const chat = await access.session(hash, sessionEnd(real), real);
    const reader = chat && (await chats.reader(addressOf(chat)));
    return chat && reader ? { chat, reader, session: { hash, token } } : null;
  };

export const seatOf =
  ({ chats }: WebParts, chat: string): FindSeat =>
  async () => {
    const reader = await chats.reader(addressOf(chat));
    return reader && { chat, reader, session: null };
  };
