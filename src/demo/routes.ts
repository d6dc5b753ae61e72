import type { Phrase } from "../dialogue/phrase.ts";
import type { Locale } from "../domain/language.ts";
import { localeOf } from "../domain/language.ts";
import type { ChatView } from "../html/chat-view.ts";
import type { AssetLinks, Look, Theme } from "../html/document.ts";
import { html, toMarkup } from "../html/html.ts";
import type { Say } from "../html/say.ts";
import type { Receive } from "../ports/chat-platform.ts";
import type { Route, Visit } from "../ports/route.ts";
import type { ChatStore } from "../ports/store/chat-store.ts";
import type { Role } from "./cast.ts";
import { live, readAfter, writeAfter } from "./live.ts";
import { demoPage } from "./page.ts";
import type { Picture } from "./parts.ts";
import { SKIPS, type Skip } from "./skip.ts";

export interface DemoParts {
  readonly cast: readonly Role[];
  readonly chats: ChatView;
  readonly readers: Pick<ChatStore, "reader" | "setLargeType">;
  readonly assets: AssetLinks;
  readonly say: (words: Phrase, locale: Locale) => string;
  readonly locale: Locale;
  readonly receive: Receive;
  readonly newId: () => string;
  picture(): Promise<Picture>;
  /** Puts the clock forward to where the next such thing happens. */
  skip(to: Skip): Promise<void>;
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
}

const THEME = /(?:^|;\s*)theme=(light|dark)(?:;|$)/;

const theme = (request: Request): Theme | null =>
  (THEME.exec(request.headers.get("cookie") ?? "")?.[1] as Theme) ?? null;

const seeOther = (path: string, headers: Record<string, string> = {}): Response =>
  new Response(null, { status: 303, headers: { location: path, ...headers } });

const address = ({ chat }: Role) => ({ platform: "web", chat }) as const;

/** The page looks as the first of the three has chosen; the language that a person chooses is stored with the person. */
const lookOf = async ({ cast, readers, locale }: DemoParts, request: Request): Promise<Look> => {
  const [first] = cast;
  const reader = first && (await readers.reader(address(first)));
  return {
    locale: localeOf(reader?.locale) ?? locale,
    theme: theme(request),
    large: reader?.largeType ?? false,
  };
};

const show = async (parts: DemoParts, { request }: Visit): Promise<Response> => {
  const look = await lookOf(parts, request);
  const say: Say = (words) => parts.say(words, look.locale);
  const drawn = await Promise.all(
    parts.cast.map((role) =>
      parts.chats.draw({ chat: role.chat, base: role.base, log: `log-${role.role}` }, look.locale),
    ),
  );
  const phones = parts.cast.map(({ role, name, unitName }, at) => ({
    role,
    person: name,
    unit: unitName,
    chat: drawn[at]?.markup ?? html``,
  }));
  const after = writeAfter(drawn.map((chat) => chat?.seq ?? 0n));
  const page = demoPage({ look, assets: parts.assets, say, phones, picture: await parts.picture(), after });
  return new Response(toMarkup(page), { headers: { "content-type": "text/html; charset=utf-8" } });
};

const change = async (parts: DemoParts, { request }: Visit): Promise<Response> => {
  const form = await request.formData();
  const language = form.get("language");
  const size = form.get("size");
  const wanted = form.get("theme");
  for (const role of parts.cast) {
    if (size === "large" || size === "normal") await parts.readers.setLargeType(address(role), size === "large");
    if (typeof language !== "string") continue;
    const what = { kind: "language", locale: language } as const;
    await parts.receive({ id: parts.newId(), from: address(role), language: null, what });
  }
  if (typeof language === "string") await parts.sleep(400, new AbortController().signal);
  const kept = wanted === "light" || wanted === "dark";
  return seeOther("/demo", kept ? { "set-cookie": `theme=${wanted}; Path=/; SameSite=Lax; HttpOnly` } : {});
};

const skip = async (parts: DemoParts, { request }: Visit): Promise<Response> => {
  const form = await request.formData();
  const wanted = SKIPS.find((each) => each === form.get("to"));
  if (wanted) await parts.skip(wanted);
  return seeOther("/demo");
};

const stream = async (parts: DemoParts, { request }: Visit) => {
  const asked = request.headers.get("last-event-id") ?? new URL(request.url).searchParams.get("after");
  const from = readAfter(asked, parts.cast.length);
  if (!from) return new Response(null, { status: 400 });
  const { locale } = await lookOf(parts, request);
  return live({ ...parts, locale, key: parts.newId(), say: (words) => parts.say(words, locale) }, from);
};

/** The one page of the demo, its stream and its settings. Acting as the three goes through the web chat's own routes. */
export const demoRoutes = (parts: DemoParts): readonly Route[] => {
  const route = (
    method: Route["method"],
    path: string,
    handle: (visit: Visit) => ReturnType<Route["handle"]>,
  ): Route => ({
    method,
    path,
    rate: "normal",
    from: "pages",
    handle,
  });
  return [
    route("GET", "/", async () => seeOther("/demo")),
    route("GET", "/demo", (visit) => show(parts, visit)),
    route("GET", "/demo/events", (visit) => stream(parts, visit)),
    route("POST", "/demo/skip", (visit) => skip(parts, visit)),
    route("POST", "/demo/settings", (visit) => change(parts, visit)),
  ];
};
