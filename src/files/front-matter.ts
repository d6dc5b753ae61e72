import { isScalar, isSeq, LineCounter, type Node, parseDocument, type Scalar } from "yaml";
import { type Problem, problem, reason } from "../domain/problem.ts";

/** A key of the front matter: what it says, and where its value begins. */
export interface Entry {
  readonly key: string;
  /** Null where it is more than one value: a list, a map, a reference. */
  readonly value: string | null;
  /** Its items, where it is a list. */
  readonly items: readonly string[] | null;
  readonly line: number;
  /** The character of the line at which the value begins, from 1; null where it runs over several lines. */
  readonly position: number | null;
}

export interface FrontMatter {
  readonly entries: ReadonlyMap<string, Entry>;
  readonly problems: readonly Problem[];
  /** What follows, and the line on which it begins. */
  readonly body: string;
  readonly bodyLine: number;
}

const FENCE = /^---[ \t]*$/;

const scalarText = (node: unknown): string | null => {
  if (!isScalar(node) || node.value === null) return null;
  // As it was written: `1wd` and `0` and a date are words of ours, not YAML's numbers and times.
  return typeof node.value === "string" ? node.value : (node.source ?? String(node.value));
};

const isOnOneLine = (node: Node | null): boolean =>
  !(isScalar(node) && (node.type?.startsWith("BLOCK") || node.source?.includes("\n")));

const isQuoted = (node: unknown): boolean =>
  isScalar(node) && (node.type === "QUOTE_DOUBLE" || node.type === "QUOTE_SINGLE");

const entryOf = (key: Scalar, value: Node | null, at: (offset: number) => { line: number; col: number }): Entry => {
  const { line, col } = at(value?.range?.[0] ?? key.range?.[1] ?? 0);
  return {
    key: String(key.value),
    value: scalarText(value),
    items: isSeq(value) ? value.items.map((item) => scalarText(item) ?? "") : null,
    line,
    position: isOnOneLine(value) ? col + (isQuoted(value) ? 1 : 0) : null,
  };
};

const parsed = (file: string, yaml: string): Pick<FrontMatter, "entries" | "problems"> => {
  const lines = new LineCounter();
  const document = parseDocument(yaml, {
    lineCounter: lines,
    uniqueKeys: true,
    schema: "failsafe",
    keepSourceTokens: true,
  });
  // The fence is line 1.
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line: line + 1, col };
  };
  const problems = document.errors.map((error) => {
    const { line, col } = at(error.pos[0]);
    const why = reason(error.code === "DUPLICATE_KEY" ? "repeated-key" : "bad-yaml");
    return problem({ file, line }, why, { position: col });
  });
  const entries = new Map<string, Entry>();
  const items = document.contents && "items" in document.contents ? document.contents.items : [];
  for (const pair of items as readonly { readonly key: Node; readonly value: Node | null }[]) {
    if (isScalar(pair.key)) entries.set(String(pair.key.value), entryOf(pair.key, pair.value, at));
    else problems.push(problem({ file, line: at(pair.key?.range?.[0] ?? 0).line }, reason("bad-yaml")));
  }
  return { entries, problems };
};

/** Splits a file into its YAML front matter, between two lines of three hyphens, and what follows. */
export const readFrontMatter = (file: string, text: string): FrontMatter | Problem => {
  const lines = text.replace(/^\ufeff/, "").split(/\r\n|\n|\r/);
  const end = lines.findIndex((line, at) => at > 0 && FENCE.test(line));
  if (!FENCE.test(lines[0] ?? "") || end < 0) return problem({ file, line: 1 }, reason("no-front-matter"));
  const { entries, problems } = parsed(file, lines.slice(1, end).join("\n"));
  return { entries, problems, body: lines.slice(end + 1).join("\n"), bodyLine: end + 2 };
};
