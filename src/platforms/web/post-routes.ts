import { phrase } from "../../dialogue/phrase.ts";
import { localeOf } from "../../domain/language.ts";
import { MOST_WORDS } from "../../html/card.ts";
import { isScript } from "../../html/note-answer.ts";
import type { Visit } from "../../ports/route.ts";
import { lookOf } from "./chat-page.ts";
import { endedSessionCookie, themeCookie } from "./cookies.ts";
import type { Desk } from "./desk.ts";
import { eventId } from "./event-id.ts";
import { type Meant, readPress, readWords } from "./events.ts";
import { tell, tellBadForm, tellBusy } from "./notes.ts";
import { addressOf } from "./parts.ts";
import { afterPost, formOf, wordsOf } from "./posted.ts";
import type { Seat } from "./seat.ts";

interface Post {
  readonly visit: Visit;
  readonly seat: Seat;
  readonly form: URLSearchParams;
  readonly base: string;
}

/** Writes down what the person did, as theirs; then hands it over; then waits for the answer where no script would fetch it. */
const hand = async (desk: Desk, { visit, seat, form, base }: Post, { what, echo }: Meant): Promise<Response> => {
  const { parts, inlet, append } = desk;
  const { chat } = seat;
  const id = eventId(chat, form.get("nonce"), form.get("code") ?? what.kind);
  if (echo !== null) {
    const body = { side: "theirs", text: echo } as const;
    await append({ chat, key: `theirs-${id}`, body, at: parts.clock.now() });
  }
  const seq = (await parts.chats.heads([chat])).get(chat) ?? 0n;
  const language = visit.request.headers.get("accept-language")?.split(/[,;]/)[0]?.trim() || null;
  const taken = await inlet.take({ id, from: addressOf(chat), language, what });
  if (!taken) return tellBusy(parts, visit.request);
  if (!isScript(visit.request)) await inlet.settle(id, chat, seq);
  return afterPost(visit.request, base);
};

const tooLong = ({ parts }: Desk, { visit, seat }: Post, count: number): Response =>
  tell(
    parts,
    visit.request,
    413,
    { title: "web.problem.big.title", lines: [phrase("web.too-long", { count, most: MOST_WORDS })] },
    lookOf(seat.reader, visit.request.headers, parts),
  );

const press = async (desk: Desk, post: Post): Promise<Response> =>
  hand(desk, post, await readPress(desk.parts, post.seat, post.form));

const say = async (desk: Desk, post: Post): Promise<Response> => {
  const meant = readWords(desk.parts, post.seat, post.form);
  return meant ? hand(desk, post, meant) : afterPost(post.visit.request, post.base);
};

const settings = async (desk: Desk, post: Post): Promise<Response> => {
  const { parts } = desk;
  const { visit, seat, form, base } = post;
  const language = localeOf(form.get("language"));
  if (language) return hand(desk, post, { what: { kind: "language", locale: language }, echo: null });
  const size = form.get("size");
  if (size !== null) await parts.chats.setLargeType(addressOf(seat.chat), size === "large");
  const theme = form.get("theme");
  const chosen = theme === "light" || theme === "dark" ? theme : null;
  return afterPost(visit.request, base, theme === null ? [] : [themeCookie(chosen, parts.secure)]);
};

const leave = async ({ parts }: Desk, { visit, seat, base }: Post): Promise<Response> => {
  if (!seat.session) return afterPost(visit.request, base);
  await parts.access.endSession(seat.session.hash);
  return afterPost(visit.request, base, [endedSessionCookie(parts.secure)]);
};

/** What a person can do on the page of their chat. */
export const postRoutes = (desk: Desk, base: string) => {
  const posted =
    (work: (desk: Desk, post: Post) => Promise<Response>) =>
    async (visit: Visit, seat: Seat): Promise<Response> => {
      const form = await formOf(visit.request);
      if (!form) return tellBadForm(desk.parts, visit.request);
      const post = { visit, seat, form, base };
      const count = [...wordsOf(form, "text")].length;
      return count > MOST_WORDS ? tooLong(desk, post, count) : work(desk, post);
    };
  return [
    { path: "/press", handle: posted(press) },
    { path: "/say", handle: posted(say) },
    { path: "/settings", handle: posted(settings) },
    { path: "/leave", handle: posted(leave) },
  ] as const;
};
