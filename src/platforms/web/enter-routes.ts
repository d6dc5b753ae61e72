import { phrase } from "../../dialogue/phrase.ts";
import { html } from "../../html/html.ts";
import type { Route, Visit } from "../../ports/route.ts";
import type { ChatReader } from "../../ports/store/chat-store.ts";
import { lookOf } from "./chat-page.ts";
import { sessionCookie, sessionIn } from "./cookies.ts";
import { strangerLook, tell } from "./notes.ts";
import type { WebParts } from "./parts.ts";
import { seatByCookie, sessionEnd } from "./seat.ts";

/** A link that is used up or too old. Whoever is in already need not ask for another. */
const spent = async (parts: WebParts, visit: Visit): Promise<Response> => {
  const { locale } = strangerLook(visit.request, parts);
  const seat = await seatByCookie(parts)(visit);
  const action = html`<a class="btn p" href="/chat">${parts.say(phrase("web.spent.open"), locale)}</a>`;
  return tell(parts, visit.request, 410, {
    title: "web.spent.title",
    lines: [phrase("web.spent.what")],
    ...(seat && { action }),
  });
};

/** Names the person and the unit, so that nobody enters as somebody else by mistake. */
const doorway = (parts: WebParts, { request }: Visit, reader: ChatReader): Response => {
  const { name, unitName } = reader;
  const look = lookOf(reader, request.headers, parts);
  const button = parts.say(phrase("web.enter.button", { name }), look.locale);
  return tell(
    parts,
    request,
    200,
    {
      title: "web.enter.title",
      lines: [
        unitName === null
          ? phrase("web.enter.who.no-unit", { name })
          : phrase("web.enter.who", { name, unit: unitName }),
      ],
      action: html`<form method="post"><button class="btn p">${button}</button></form>`,
      small: ["web.enter.once", "web.enter.not-you"],
    },
    look,
  );
};

/** One-time links. Showing one changes nothing, since previews and scanners follow links too; the button uses it up. */
export const enterRoutes = (parts: WebParts): readonly Route[] => {
  const { access, keys, clock, secure } = parts;
  const common = { path: "/chat/enter/:token", rate: "tight", from: "pages" } as const;
  return [
    {
      ...common,
      method: "GET",
      handle: async (visit) => {
        const reader = await access.peek(keys.tokenHash(visit.params.token ?? ""), clock.real());
        return reader ? doorway(parts, visit, reader) : spent(parts, visit);
      },
    },
    {
      ...common,
      method: "POST",
      handle: async (visit) => {
        const { token, hash } = keys.newToken();
        const real = clock.real();
        const session = { idHash: hash, expiresAt: sessionEnd(real) };
        const chat = await access.redeem(keys.tokenHash(visit.params.token ?? ""), session, real);
        if (chat === null) return spent(parts, visit);
        const before = sessionIn(visit.request.headers, secure);
        if (before) await access.endSession(keys.tokenHash(before));
        const headers = { location: "/chat", "set-cookie": sessionCookie(token, secure) };
        return new Response(null, { status: 303, headers });
      },
    },
  ];
};
