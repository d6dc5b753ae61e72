/** What is left of a text when its tags and entities are read, or why it cannot be read (the official server's words). */
export type Parsed = { readonly text: string; readonly tags: readonly string[] } | { readonly problem: string };

const TAGS = new Set([
  ...["b", "strong", "i", "em", "u", "ins", "s", "strike", "del", "code", "pre", "a", "blockquote"],
  ...["tg-spoiler", "span", "tg-emoji"],
]);
const ENTITIES: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"' };
const TOKEN = /<(\/?)([a-z-]*)([^<>]*)>|&(#\d+|#x[\da-f]+|[a-z]+);|([^<&]+)|([\s\S])/giy;

const entity = (name: string): string => {
  if (!name.startsWith("#")) return ENTITIES[name.toLowerCase()] ?? `&${name};`;
  return String.fromCodePoint(Number(name.slice(1).replace(/^x/i, "0x")));
};

/** Opens or closes a tag; says what is wrong with it, or null. */
const turnTag = (open: string[], slash: boolean, name: string, at: number): string | null => {
  const tag = name.toLowerCase();
  if (slash) {
    const last = open.pop();
    if (last === undefined) return `Unexpected end tag at byte offset ${at}`;
    return last === tag ? null : `Unmatched end tag at byte offset ${at}, expected "</${last}>", found "</${name}>"`;
  }
  if (!TAGS.has(tag)) return `Unsupported start tag "${name}" at byte offset ${at}`;
  if (tag === "blockquote" && open.includes("blockquote")) return `Nested blockquote at byte offset ${at}`;
  open.push(tag);
  return null;
};

/** core.telegram.org/bots/api#html-style; the errors are those of `parse_html` in tdlib's MessageEntity.cpp. */
export const parseHtml = (source: string): Parsed => {
  const open: string[] = [];
  const tags: string[] = [];
  let text = "";
  for (const token of source.matchAll(TOKEN)) {
    const [, slash, name, attributes = "", code, plain, stray] = token;
    const at = Buffer.byteLength(source.slice(0, token.index));
    if (stray === "<") return { problem: `Unclosed start tag at byte offset ${at}` };
    if (name === undefined) {
      text += plain ?? stray ?? entity(code ?? "");
      continue;
    }
    const problem = turnTag(open, slash !== "", name, at);
    if (problem !== null) return { problem };
    if (slash === "") tags.push(`${name.toLowerCase()}${attributes}`);
  }
  return open.length > 0
    ? { problem: `Can't find end tag corresponding to start tag "${open.at(-1)}"` }
    : { text, tags };
};
