import { type Phrase, phrase } from "../../dialogue/phrase.ts";
import { readCode, spacedCode } from "../../domain/invitation-code.ts";
import { type Html, html } from "../../html/html.ts";
import type { Route, Visit } from "../../ports/route.ts";
import { sessionCookie } from "./cookies.ts";
import type { Desk } from "./desk.ts";
import { eventId } from "./event-id.ts";
import { strangerLook, tell, tellBadForm, tellBusy } from "./notes.ts";
import { addressOf, type WebParts } from "./parts.ts";
import { formOf, wordsOf } from "./posted.ts";
import { seatByCookie, sessionEnd } from "./seat.ts";

/** Longer is no code, with whatever is around it. */
const MOST_LETTERS = 200;

const field = (say: (words: Phrase) => string, code: string | null): Html =>
  code === null
    ? html`<label for="code">${say(phrase("web.join.code"))}</label><input class="field" id="code" name="code" type="text" maxlength="${MOST_LETTERS}" required autocomplete="off" autocapitalize="characters" spellcheck="false">`
    : html`<input type="hidden" name="code" value="${spacedCode(code)}">`;

/** The same page for every code: whether it is a good one, only the button finds out, and that counts. */
const doorway = (
  parts: WebParts,
  visit: Visit,
  code: string | null,
  wrong: Phrase | null,
  status: number,
): Response => {
  const { locale } = strangerLook(visit.request, parts);
  const say = (words: Phrase): string => parts.say(words, locale);
  return tell(parts, visit.request, status, {
    title: "web.join.title",
    lines: [wrong ?? phrase(code === null ? "web.join.ask" : "web.join.what")],
    action: html`<form class="stack" method="post" action="/join">${field(say, code)}<button class="btn p">${say(phrase("web.join.go"))}</button></form>`,
    small: ["web.join.small"],
  });
};

/** The chat that the code opens: the visitor's own, or a new one for somebody of whom nothing is known yet. */
const openFor = async (
  { parts }: Desk,
  visit: Visit,
  code: string,
): Promise<{ readonly chat: string; readonly cookie: string | null } | "bad" | "enough"> => {
  const seat = await seatByCookie(parts)(visit);
  if (seat) return { chat: seat.chat, cookie: null };
  const { keys, clock, enrolments, secure } = parts;
  const { token, hash } = keys.newToken();
  const real = clock.real();
  const session = { idHash: hash, expiresAt: sessionEnd(real) };
  const visitor = { tryKey: `ip ${visit.ip}`, locale: strangerLook(visit.request, parts).locale };
  const admitted = await enrolments.admit(keys.tokenHash(code), visitor, session, real);
  return typeof admitted === "string" ? admitted : { chat: admitted.chat, cookie: sessionCookie(token, secure) };
};

const enter = async (desk: Desk, visit: Visit): Promise<Response> => {
  const { parts, inlet } = desk;
  const form = await formOf(visit.request);
  if (!form) return tellBadForm(parts, visit.request);
  const words = wordsOf(form, "code").slice(0, MOST_LETTERS);
  // What is no code at all is tried like one: the answer says the same, and it counts the same.
  const code = readCode(words) ?? words;
  const opened = await openFor(desk, visit, code);
  if (opened === "bad") return doorway(parts, visit, null, phrase("enrol.bad-code"), 404);
  if (opened === "enough") return doorway(parts, visit, null, phrase("enrol.enough"), 429);
  const { chat, cookie } = opened;
  const id = eventId(chat, null, "start");
  const what = { kind: "command", name: "start", argument: code } as const;
  const { locale } = strangerLook(visit.request, parts);
  const seq = (await parts.chats.heads([chat])).get(chat) ?? 0n;
  if (!(await inlet.take({ id, from: addressOf(chat), language: locale, what }))) return tellBusy(parts, visit.request);
  await inlet.settle(id, chat, seq);
  const answer = new Response(null, { status: 303, headers: { location: "/chat" } });
  if (cookie) answer.headers.append("set-cookie", cookie);
  return answer;
};

/** Where people come in with a code. Showing the page changes nothing and tells nothing; its button uses a try. */
export const joinRoutes = (desk: Desk): readonly Route[] => {
  const { parts } = desk;
  const common = { from: "pages" } as const;
  return [
    {
      ...common,
      method: "GET",
      path: "/join",
      rate: "normal",
      handle: async (visit) => doorway(parts, visit, null, null, 200),
    },
    {
      ...common,
      method: "GET",
      path: "/join/:code",
      rate: "normal",
      handle: async (visit) => doorway(parts, visit, readCode(visit.params.code ?? ""), null, 200),
    },
    { ...common, method: "POST", path: "/join", rate: "tight", handle: (visit) => enter(desk, visit) },
  ];
};
