import { toMarkup } from "./html.ts";
import { type Note, notePage } from "./note-page.ts";

/** Whether a script asks, which puts words into the page it is on instead of showing another. */
export const isScript = (request: Request): boolean =>
  request.headers.get("accept")?.includes("application/json") ?? false;

/** A note as an answer: a page, or for a script its words as JSON. */
export const noteAnswer = (note: Note, request: Request, status: number): Response => {
  const headers = { "content-language": note.look.locale, vary: "accept, accept-language" };
  if (isScript(request)) {
    const [stop, space] = note.look.locale === "en" ? [".", " "] : ["。", ""];
    const words = [note.title + stop, ...note.lines, ...note.small].join(space);
    return Response.json({ words }, { status, headers });
  }
  return new Response(toMarkup(notePage(note)), {
    status,
    headers: { ...headers, "content-type": "text/html; charset=utf-8" },
  });
};
