import { isScript } from "../../html/note-answer.ts";

/** The fields of a form; null when the request holds none. */
export const formOf = async (request: Request): Promise<URLSearchParams | null> => {
  const type = request.headers.get("content-type") ?? "";
  return type.startsWith("application/x-www-form-urlencoded") ? new URLSearchParams(await request.text()) : null;
};

/** Words as people type them: without control characters, and without space around them. */
export const wordsOf = (form: URLSearchParams, field: string): string =>
  (form.get(field) ?? "").replace(/[\p{Cc}\p{Cs}]+/gu, " ").trim();

/** The page that a form stood on. Our own pages alone get this far, and only the path of what they name is used. */
const cameFrom = (request: Request, base: string): string => {
  const referer = request.headers.get("referer") ?? "";
  if (!URL.canParse(referer)) return base;
  const { pathname, search } = new URL(referer);
  return pathname === base ? base : `/${pathname.replace(/^\/+/, "")}${search}`;
};

/** After a post: nothing for a script, which hears of it in its stream; back to the page it stood on without one. */
export const afterPost = (request: Request, base: string, cookies: readonly string[] = []): Response => {
  const answer = isScript(request)
    ? new Response(null, { status: 204 })
    : new Response(null, { status: 303, headers: { location: cameFrom(request, base) } });
  for (const cookie of cookies) answer.headers.append("set-cookie", cookie);
  return answer;
};
