/** Bytes that are not UTF-8, and the line they stand on. */
export interface NotUtf8 {
  readonly kind: "not-utf8";
  readonly line: number;
}

const LF = 10;
const CR = 13;
const MARK = "\ufeff";
/** A longer line is given in pieces. */
const LONGEST_LINE_BYTES = 1024 * 1024;

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

const decoded = (bytes: Uint8Array): string | null => {
  try {
    return decoder.decode(bytes);
  } catch {
    return null;
  }
};

/** Where the last whole line ends: no other character of UTF-8 holds these bytes. A CR at the very end may yet be a CRLF. */
const endOfLines = (bytes: Uint8Array): number =>
  Math.max(bytes.lastIndexOf(LF), bytes.length < 2 ? -1 : bytes.lastIndexOf(CR, bytes.length - 2)) + 1;

/** Where the last whole character ends. */
const endOfCharacters = (bytes: Uint8Array): number => {
  const lead = bytes.subarray(-4).findLastIndex((byte) => (byte & 0xc0) !== 0x80);
  const byte = bytes.at(lead - Math.min(4, bytes.length)) ?? 0;
  return lead >= 0 && byte >= 0xc0 ? bytes.length - Math.min(4, bytes.length) + lead : bytes.length;
};

/** How many lines end in a text; CRLF ends one. */
export const lineEnds = (text: string): number => text.match(/\r\n|\n|\r/gu)?.length ?? 0;

/** The number of the first line, counted from 0, that cannot be decoded. */
const wrongLine = (bytes: Uint8Array): number => {
  let line = 0;
  for (let start = 0; start < bytes.length; ) {
    const rest = bytes.subarray(start);
    const end = rest.findIndex((byte) => byte === LF || byte === CR);
    if (decoded(end < 0 ? rest : rest.subarray(0, end)) === null) return line;
    if (end < 0) break;
    start += end + (rest[end] === CR && rest[end + 1] === LF ? 2 : 1);
    line += 1;
  }
  return line;
};

/**
 * Decodes UTF-8, with or without a byte-order mark, in pieces that end with a line where one ends. Where the bytes are no
 * UTF-8 the last thing it gives says on which line, counted from 1.
 */
export async function* utf8Text(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string | NotUtf8, void> {
  let line = 1;
  let rest: Uint8Array = new Uint8Array(0);
  let isFirst = true;
  const take = (bytes: Uint8Array): string | NotUtf8 => {
    const text = decoded(bytes);
    if (text === null) return { kind: "not-utf8", line: line + wrongLine(bytes) };
    line += lineEnds(text);
    const piece = isFirst && text.startsWith(MARK) ? text.slice(1) : text;
    isFirst = false;
    return piece;
  };
  for await (const chunk of chunks) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const isLong = bytes.length > LONGEST_LINE_BYTES;
    const end = endOfLines(bytes) || (isLong ? endOfCharacters(bytes) : 0);
    rest = bytes.subarray(end);
    if (end === 0) continue;
    const piece = take(bytes.subarray(0, end));
    yield piece;
    if (typeof piece !== "string") return;
  }
  if (rest.length > 0) yield take(rest);
}
