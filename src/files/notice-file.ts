import { parseAudience } from "../domain/audience.ts";
import { type Due, parseDue } from "../domain/due.ts";
import { parseReminders, type Rung } from "../domain/ladder.ts";
import {
  ACKS,
  type Ack,
  type Closing,
  type NoticeDraft,
  type NoticeText,
  normaliseNumber,
  URGENCIES,
} from "../domain/notice.ts";
import { type Problem, problem, type Reason, reason } from "../domain/problem.ts";
import type { ContentHash } from "../ports/ledger.ts";
import { type Entry, readFrontMatter } from "./front-matter.ts";
import { readVersions, type Version } from "./notice-versions.ts";

const KEYS = ["number", "issuer", "urgency", "ack", "due", "audience", "closing", "reminders", "supersedes"] as const;
type Key = (typeof KEYS)[number];
type Facts = Omit<NoticeDraft, "texts" | "contentHash">;

/** YAML's ways to say nothing. */
const NOTHING = new Set(["", "null", "~"]);
const QUORUM = /^quorum\(([1-9]\d{0,3})\)$/;

/** Reads keys one by one; what is wrong gathers in `problems`. */
const keyReader = (file: string, entries: ReadonlyMap<string, Entry>) => {
  const problems: Problem[] = [];
  const at = (key: Key): Entry | undefined => entries.get(key);
  const wrong = (key: Key, why: Reason, column = 1): null => {
    const entry = at(key);
    const position = entry?.position ? entry.position + column - 1 : null;
    problems.push(
      problem({ file, line: entry?.line ?? 1 }, why, { column: key, position, value: entry?.value ?? null }),
    );
    return null;
  };
  const text = (key: Key): string | null => {
    const entry = at(key);
    if (entry?.value === null) return wrong(key, reason("not-one-value"));
    const value = entry?.value.trim() ?? "";
    return NOTHING.has(value) ? null : value;
  };
  const needed = (key: Key): string | null => {
    const value = text(key);
    return value === null && at(key)?.value !== null ? wrong(key, reason("missing-key")) : value;
  };
  const word = <Word extends string>(key: Key, words: readonly Word[], otherwise: Word): Word => {
    const value = text(key) ?? otherwise;
    const known = words.find((one) => one === value);
    return known ?? (wrong(key, reason("unknown-word", { known: words.join(", ") })) as null) ?? otherwise;
  };
  return { problems, at, text, wrong, needed, word };
};

type Reader = ReturnType<typeof keyReader>;

const dueIn = ({ text, wrong }: Reader, ack: Ack): Due | null => {
  const value = text("due");
  if (value !== null) return parseDue(value) ?? wrong("due", reason("bad-due"));
  // Without a due time nobody could ever be late with what they take on.
  return ack === "undertake" || ack === "evidence" ? wrong("due", reason("due-needed")) : null;
};

const closingIn = ({ text, wrong }: Reader): Closing => {
  const value = text("closing") ?? "each-unit";
  if (value === "everyone" || value === "each-unit") return { kind: value };
  const needed = QUORUM.exec(value)?.[1];
  if (needed) return { kind: "quorum", needed: Number(needed) };
  wrong("closing", reason("bad-closing"));
  return { kind: "each-unit" };
};

const remindersIn = ({ at, text, wrong }: Reader): readonly Rung[] => {
  const read = parseReminders(at("reminders")?.items ?? text("reminders") ?? "standard");
  if ("rungs" in read) return read.rungs;
  wrong("reminders", reason("bad-reminder", { word: read.wrong }));
  return [];
};

const audienceIn = ({ needed, wrong }: Reader): string | null => {
  const value = needed("audience");
  const read = value === null ? null : parseAudience(value);
  if (read?.kind !== "wrong") return value;
  const { column, problem: kind, word, expected } = read;
  return wrong("audience", reason(`audience-${kind}`, { word, expected: expected.join(", ") }), column);
};

/** A file for `supersede` may say which notice it replaces, and then says it right; one for `publish` replaces none. */
const checkSupersedes = ({ text, wrong }: Reader, supersedes: string | null): void => {
  const named = text("supersedes");
  if (named === null || (supersedes !== null && normaliseNumber(named) === supersedes)) return;
  wrong("supersedes", supersedes === null ? reason("supersedes") : reason("supersedes-other", { number: supersedes }));
};

const factsIn = (read: Reader, supersedes: string | null): Facts | null => {
  const numbered = read.needed("number");
  const number =
    numbered === null
      ? null
      : (normaliseNumber(numbered) ?? read.wrong("number", reason("bad-number", { example: "某安委办〔2026〕17号" })));
  const issuerCode = read.needed("issuer");
  const audience = audienceIn(read);
  const urgency = read.word("urgency", URGENCIES, "routine");
  const ack = read.word("ack", ACKS, "read");
  const rest = { urgency, ack, due: dueIn(read, ack), closing: closingIn(read), reminders: remindersIn(read) };
  checkSupersedes(read, supersedes);
  return number === null || issuerCode === null || audience === null ? null : { number, issuerCode, audience, ...rest };
};

const unknownKeys = (file: string, entries: ReadonlyMap<string, Entry>): readonly Problem[] =>
  [...entries.values()]
    .filter(({ key }) => !(KEYS as readonly string[]).includes(key))
    .map(({ key, line }) =>
      problem({ file, line }, reason("unknown-key", { known: KEYS.join(", ") }), { column: key }),
    );

const closingWords = (closing: Closing): string =>
  closing.kind === "quorum" ? `quorum(${closing.needed})` : closing.kind;

const drafted = (facts: Facts, versions: readonly [Version, ...Version[]], hash: ContentHash): NoticeDraft => {
  const hashed = (version: Version): NoticeText => ({
    ...version,
    hash: hash.text({ number: facts.number, ...version }),
  });
  const [first, ...others] = versions;
  const texts = [hashed(first), ...others.map(hashed)] as const;
  const contentHash = hash.notice({
    number: facts.number,
    issuer: facts.issuerCode,
    urgency: facts.urgency,
    ack: facts.ack,
    due: facts.due?.rule ?? null,
    audience: facts.audience,
    closing: closingWords(facts.closing),
    reminders: facts.reminders.map(({ rule }) => rule),
    texts,
  });
  return { ...facts, texts, contentHash };
};

/**
 * Reads a notice file: front matter, and Markdown per language. Everything that is wrong is told at once. `supersedes`: the
 * number of the notice that it is to replace.
 */
export const readNoticeFile = (
  file: string,
  text: string,
  hash: ContentHash,
  supersedes: string | null = null,
): { readonly draft: NoticeDraft } | { readonly problems: readonly Problem[] } => {
  const front = readFrontMatter(file, text);
  if ("reason" in front) return { problems: [front] };
  const read = keyReader(file, front.entries);
  const facts = factsIn(read, supersedes);
  const { versions, problems } = readVersions(file, front.body, front.bodyLine);
  // What follows broken YAML reads as something else: nothing is said about it.
  const isBroken = front.problems.some(({ reason: why }) => why.kind === "bad-yaml");
  const settings = isBroken ? [] : [...unknownKeys(file, front.entries), ...read.problems];
  const all = [...front.problems, ...settings, ...problems];
  const [first, ...others] = versions;
  if (all.length > 0 || !facts || !first) return { problems: all.sort((a, b) => (a.line ?? 0) - (b.line ?? 0)) };
  return { draft: drafted(facts, [first, ...others], hash) };
};
