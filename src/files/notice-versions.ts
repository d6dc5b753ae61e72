import type { Nodes } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";
import { LOCALES, type Locale } from "../domain/language.ts";
import { type Problem, problem, type ReasonKind, reason } from "../domain/problem.ts";
import { visibleLines, visibleText } from "../domain/visible-text.ts";
import { isHttps } from "./https-address.ts";
import { isTooInvolved, MOST_CHARACTERS, MOST_MARKUP } from "./markdown-limits.ts";

/** One language version of a notice, as it was written. */
export interface Version {
  readonly locale: Locale;
  readonly title: string;
  readonly body: string;
}

interface Section {
  readonly locale: string;
  readonly line: number;
  readonly text: string;
}

const MARK = /^<!--\s*locale:\s*([\w-]+)\s*-->[ \t]*$/;
const TITLE = /^#[ \t]+(.+?)[ \t]*#*[ \t]*$/;
/** A title stands on one line of a card's head; longer ones belong in the text. */
const MOST_TITLE = 100;

/** The parts between the language marks. What stands before the first mark is in the default language, if it says anything. */
const sections = (text: string, from: number): readonly Section[] => {
  const found: { locale: string; line: number; lines: string[] }[] = [{ locale: "zh-CN", line: from, lines: [] }];
  for (const [at, line] of text.split("\n").entries()) {
    const locale = MARK.exec(line)?.[1];
    if (locale !== undefined) found.push({ locale, line: from + at + 1, lines: [] });
    else found.at(-1)?.lines.push(line);
  }
  return found
    .map(({ locale, line, lines }) => ({ locale, line, text: lines.join("\n") }))
    .filter(({ text: words }, at) => at > 0 || words.trim() !== "");
};

const UNSHOWN: Readonly<Record<string, ReasonKind>> = {
  html: "markdown-html",
  image: "markdown-image",
  imageReference: "markdown-image",
  linkReference: "markdown-link",
};

/** What is wrong with one node by itself. */
const unshownNode = (node: Nodes): { readonly kind: ReasonKind; readonly value: string | null } | null => {
  if (node.type === "link") return isHttps(node.url) ? null : { kind: "markdown-link", value: node.url };
  const kind = UNSHOWN[node.type];
  if (!kind) return null;
  return { kind, value: "value" in node ? node.value : "label" in node ? (node.label ?? null) : null };
};

/** What a chat cannot show is told to the author rather than quietly dropped. */
const unshown = (file: string, section: Section): readonly Problem[] => {
  const at = { file, line: section.line };
  if (section.text.length > MOST_CHARACTERS) return [problem(at, reason("too-long", { most: MOST_CHARACTERS }))];
  if (isTooInvolved(section.text)) return [problem(at, reason("markdown-much", { most: MOST_MARKUP }))];
  const found: Problem[] = [];
  const open: Nodes[] = [fromMarkdown(section.text)];
  for (let node = open.pop(); node; node = open.pop()) {
    const wrong = unshownNode(node);
    const line = section.line + (node.position?.start.line ?? 1) - 1;
    if (wrong) found.push(problem({ file, line }, reason(wrong.kind), { value: wrong.value }));
    if ("children" in node) open.push(...node.children.toReversed());
  }
  return found;
};

const readSection = (
  file: string,
  section: Section,
): { readonly version: Version | null; readonly problems: readonly Problem[] } => {
  const at = { file, line: section.line };
  const locale = LOCALES.find((known) => known === section.locale);
  if (!locale)
    return {
      version: null,
      problems: [problem(at, reason("unknown-locale", { known: LOCALES.join(", ") }), { value: section.locale })],
    };
  const lines = visibleLines(section.text).split("\n");
  const first = lines.findIndex((line) => line.trim() !== "");
  const title = visibleText(TITLE.exec(lines[first] ?? "")?.[1] ?? "");
  const body = lines
    .slice(first + 1)
    .join("\n")
    .trim();
  const problems = [...unshown(file, section)];
  if (title === "") problems.push(problem(at, reason("no-title")));
  if (title.length > MOST_TITLE) problems.push(problem(at, reason("too-long", { most: MOST_TITLE }), { value: title }));
  if (title !== "" && body === "") problems.push(problem(at, reason("no-words")));
  return { version: { locale, title, body }, problems };
};

/** The language versions of a notice, in the order of the file, with everything that is wrong with them. */
export const readVersions = (
  file: string,
  text: string,
  line: number,
): { readonly versions: readonly Version[]; readonly problems: readonly Problem[] } => {
  const found = sections(text, line);
  if (found.length === 0) return { versions: [], problems: [problem({ file, line }, reason("no-words"))] };
  const read = found.map((section) => readSection(file, section));
  const repeated = found.flatMap((section, at) =>
    found.findIndex(({ locale }) => locale === section.locale) < at
      ? [problem({ file, line: section.line }, reason("repeated-locale"), { value: section.locale })]
      : [],
  );
  return {
    versions: read.flatMap(({ version }) => version ?? []),
    problems: [...read.flatMap(({ problems }) => problems), ...repeated],
  };
};
