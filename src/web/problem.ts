import { randomInt } from "node:crypto";
import { type Phrase, type PhraseKey, phrase } from "../dialogue/phrase.ts";
import type { Locale } from "../domain/language.ts";
import { acceptedLocale } from "../html/accepted-locale.ts";
import type { AssetLinks } from "../html/document.ts";
import { html } from "../html/html.ts";
import { noteAnswer } from "../html/note-answer.ts";
import type { Say } from "../html/say.ts";
import type { Log } from "../ports/log.ts";

/** What can go wrong with a request, and the words of its page. */
const PROBLEMS = {
  bad: { status: 400, title: "web.problem.bad.title", what: "web.problem.bad.what" },
  forbidden: { status: 403, title: "web.problem.forbidden.title", what: "web.problem.forbidden.what" },
  lost: { status: 404, title: "web.problem.lost.title", what: "web.problem.lost.what" },
  method: { status: 405, title: "web.problem.method.title", what: "web.problem.method.what" },
  big: { status: 413, title: "web.problem.big.title", what: "web.problem.big.what" },
  fast: { status: 429, title: "web.problem.fast.title", what: "web.problem.fast.what" },
  fault: { status: 500, title: "web.problem.fault.title", what: "web.problem.fault.what" },
  busy: { status: 503, title: "web.problem.busy.title", what: "web.problem.busy.what" },
} as const satisfies Record<string, { status: number; title: PhraseKey; what: PhraseKey }>;

export type Problem = keyof typeof PROBLEMS;

/** What its finder can look up in the log by a number: nothing is to be explained about the others. */
const NUMBERED: readonly Problem[] = ["forbidden", "fault", "busy"];

/** Easy to read out: no letter that passes for a digit. */
const LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ23456789";

const supportNumber = (): string =>
  Array.from({ length: 8 }, () => LETTERS[randomInt(LETTERS.length)])
    .join("")
    .replace(/^.{4}/, "$&-");

/** Answers with a problem. `about` goes to the log alone: the route's pattern, never the path, which may hold a token. */
export type AnswerProblem = (
  request: Request,
  problem: Problem,
  about?: { readonly route?: string; readonly err?: unknown },
) => Response;

/** Tells what went wrong, kindly and in the visitor's language: a page, or JSON for a script. Never our insides. */
export const problemPages =
  (options: {
    readonly assets: AssetLinks;
    readonly defaultLocale: Locale;
    readonly say: (words: Phrase, locale: Locale) => string;
    readonly log: Log;
  }): AnswerProblem =>
  (request, problem, about = {}) => {
    const { assets, log } = options;
    const { status, title, what } = PROBLEMS[problem];
    const locale = acceptedLocale(request.headers.get("accept-language"), options.defaultLocale);
    const say: Say = (said) => options.say(said, locale);
    const number = NUMBERED.includes(problem) ? supportNumber() : null;
    if (number) log[problem === "fault" ? "error" : "warn"]("request-refused", { number, problem, ...about });
    const note = {
      look: { locale, theme: null, large: false },
      assets,
      say,
      title: say(phrase(title)),
      lines: [say(phrase(what))],
      action: html`<a class="btn" href="/chat">${say(phrase("web.problem.back"))}</a>`,
      small: number ? [say(phrase("web.problem.number", { number }))] : [],
    };
    return noteAnswer(note, request, status);
  };
