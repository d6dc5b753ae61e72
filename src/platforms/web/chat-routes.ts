import { randomUUID } from "node:crypto";
import type { ChatPlace } from "../../html/chat-view.ts";
import type { Route, Visit } from "../../ports/route.ts";
import { chatPage, lookOf, PAGE_MESSAGES } from "./chat-page.ts";
import { sessionCookie } from "./cookies.ts";
import type { Desk } from "./desk.ts";
import { drawTurn } from "./draw.ts";
import { tellNoSession } from "./notes.ts";
import { postRoutes } from "./post-routes.ts";
import type { FindSeat, Seat } from "./seat.ts";

/** The place of a page that shows one chat alone. */
const ownPlace = (base: string, chat: string): ChatPlace => ({ base, chat, log: "log" });

const page = async ({ parts }: Desk, base: string, { request }: Visit, seat: Seat): Promise<Response> => {
  const { chats, secure } = parts;
  const before = new URL(request.url).searchParams.get("before");
  // The head first: what changes between the two comes once more in the stream, which is harmless.
  const head = (await chats.heads([seat.chat])).get(seat.chat) ?? 0n;
  const messages = await chats.history(seat.chat, PAGE_MESSAGES, before ?? undefined);
  const look = lookOf(seat.reader, request.headers, parts);
  const facts = { reader: seat.reader, messages, seq: before === null ? head : null, canLeave: seat.session !== null };
  const answer = new Response(chatPage(parts, ownPlace(base, seat.chat), look, facts), {
    headers: { "content-type": "text/html; charset=utf-8", "content-language": look.locale },
  });
  if (seat.session) answer.headers.append("set-cookie", sessionCookie(seat.session.token, secure));
  return answer;
};

/** The change after which a stream goes on: what the browser heard last, else what its page stands at. */
const resumeAt = (request: Request): bigint => {
  const last = request.headers.get("last-event-id") ?? new URL(request.url).searchParams.get("after") ?? "";
  return /^\d{1,18}$/.test(last) ? BigInt(last) : 0n;
};

const eventsRoute =
  ({ parts, followers, sessions }: Desk, base: string) =>
  ({ request }: Visit, { chat, session, reader }: Seat): Awaited<ReturnType<Route["handle"]>> => {
    const { locale } = lookOf(reader, request.headers, parts);
    const place = ownPlace(base, chat);
    const from = { chat, seq: resumeAt(request) };
    return {
      kind: "events",
      key: session ? Buffer.from(session.hash).toString("base64url") : `${base} ${randomUUID()}`,
      run: (send, signal) => {
        const stream = (alive: () => Promise<boolean>, until: AbortSignal, end: () => void): Promise<void> =>
          followers.follow(
            from,
            async (message) => {
              if (!(await alive())) return end();
              await send({ id: String(message.seq), name: "turn", data: drawTurn(parts, place, locale, message) });
            },
            until,
          );
        return session
          ? sessions.during(session.hash, signal, stream)
          : stream(
              async () => true,
              signal,
              () => {},
            );
      },
    };
  };

/** The pages of one chat below one path. `findSeat` says whose it is; nobody's is answered kindly. */
export const chatRoutes = (desk: Desk, base: string, findSeat: FindSeat): readonly Route[] => {
  const seated =
    (handle: (visit: Visit, seat: Seat) => ReturnType<Route["handle"]>): Route["handle"] =>
    async (visit) => {
      const seat = await findSeat(visit);
      return seat ? handle(visit, seat) : tellNoSession(desk.parts, visit.request);
    };
  const events = eventsRoute(desk, base);
  const common = { rate: "normal", from: "pages" } as const;
  return [
    { ...common, method: "GET", path: base, handle: seated((visit, seat) => page(desk, base, visit, seat)) },
    { ...common, method: "GET", path: `${base}/events`, handle: seated(async (visit, seat) => events(visit, seat)) },
    ...postRoutes(desk, base).map(({ path, handle }) => ({
      ...common,
      method: "POST" as const,
      path: `${base}${path}`,
      handle: seated(handle),
    })),
  ];
};
