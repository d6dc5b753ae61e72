import { type Phrase, type PhraseKey, phrase } from "../../dialogue/phrase.ts";
import { acceptedLocale } from "../../html/accepted-locale.ts";
import type { Look } from "../../html/document.ts";
import type { Html } from "../../html/html.ts";
import { noteAnswer } from "../../html/note-answer.ts";
import { themeIn } from "./cookies.ts";
import type { WebParts } from "./parts.ts";

/** How a visitor whom we do not know wants their pages. */
export const strangerLook = ({ headers }: Request, { defaultLocale }: WebParts): Look => ({
  locale: acceptedLocale(headers.get("accept-language"), defaultLocale),
  theme: themeIn(headers),
  large: false,
});

interface Words {
  readonly title: PhraseKey;
  readonly lines: readonly Phrase[];
  readonly action?: Html;
  readonly small?: readonly PhraseKey[];
}

/** Answers with one thing said kindly. */
export const tell = (
  parts: WebParts,
  request: Request,
  status: number,
  { title, lines, action, small = [] }: Words,
  look: Look = strangerLook(request, parts),
): Response => {
  const say = (words: Phrase): string => parts.say(words, look.locale);
  const note = {
    look,
    assets: parts.assets,
    say,
    title: say(phrase(title)),
    lines: lines.map(say),
    action: action ?? null,
    small: small.map((key) => say(phrase(key))),
  };
  return noteAnswer(note, request, status);
};

export const tellNoSession = (parts: WebParts, request: Request): Response =>
  tell(parts, request, 401, {
    title: "web.no-session.title",
    lines: [phrase("web.no-session.what"), phrase("web.no-session.kept")],
  });

export const tellBadForm = (parts: WebParts, request: Request): Response =>
  tell(parts, request, 400, { title: "web.problem.bad.title", lines: [phrase("web.problem.bad.what")] });

export const tellBusy = (parts: WebParts, request: Request): Response =>
  tell(parts, request, 503, { title: "web.problem.busy.title", lines: [phrase("web.problem.busy.what")] });
