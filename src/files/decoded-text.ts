export type Encoding = "utf-8" | "gb18030";

/** Bytes that are no text in this encoding, and the line they stand on. */
export interface NoText {
  readonly kind: "no-text";
  readonly line: number;
}

/** A line that is longer than any table has. */
export interface LongLine {
  readonly kind: "long-line";
}

const LF = 10;
const CR = 13;
const MARK = "\ufeff";
const LONGEST_LINE_BYTES = 1024 * 1024;

const DECODERS: Readonly<Record<Encoding, InstanceType<typeof TextDecoder>>> = {
  "utf-8": new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }),
  gb18030: new TextDecoder("gb18030", { fatal: true }),
};

const decoded = (bytes: Uint8Array, encoding: Encoding): string | null => {
  try {
    return DECODERS[encoding].decode(bytes);
  } catch {
    return null;
  }
};

/** Where the last whole line ends: in both encodings no other character holds these bytes. A CR at the very end may yet be a CRLF. */
const endOfLines = (bytes: Uint8Array): number =>
  Math.max(bytes.lastIndexOf(LF), bytes.length < 2 ? -1 : bytes.lastIndexOf(CR, bytes.length - 2)) + 1;

/** How many lines end in a text; CRLF ends one. */
export const lineEnds = (text: string): number => text.match(/\r\n|\n|\r/gu)?.length ?? 0;

/** The number of the first line, counted from 0, that cannot be decoded. */
const wrongLine = (bytes: Uint8Array, encoding: Encoding): number => {
  let line = 0;
  for (let start = 0; start < bytes.length; ) {
    const rest = bytes.subarray(start);
    const end = rest.findIndex((byte) => byte === LF || byte === CR);
    if (decoded(end < 0 ? rest : rest.subarray(0, end), encoding) === null) return line;
    if (end < 0) break;
    start += end + (rest[end] === CR && rest[end + 1] === LF ? 2 : 1);
    line += 1;
  }
  return line;
};

/**
 * Decodes text, with or without a byte-order mark, in pieces that end with a line. Where it cannot go on the last thing it
 * gives says why; lines are counted from 1.
 */
export async function* decodedText(
  chunks: AsyncIterable<Uint8Array>,
  encoding: Encoding,
): AsyncGenerator<string | NoText | LongLine, void> {
  let line = 1;
  let rest: Uint8Array = new Uint8Array(0);
  let isFirst = true;
  const take = (bytes: Uint8Array): string | NoText => {
    const text = decoded(bytes, encoding);
    if (text === null) return { kind: "no-text", line: line + wrongLine(bytes, encoding) };
    line += lineEnds(text);
    const piece = isFirst && text.startsWith(MARK) ? text.slice(1) : text;
    isFirst = false;
    return piece;
  };
  for await (const chunk of chunks) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const end = endOfLines(bytes);
    rest = bytes.subarray(end);
    const piece = end === 0 ? "" : take(bytes.subarray(0, end));
    if (piece !== "") yield piece;
    if (typeof piece !== "string") return;
    if (rest.length > LONGEST_LINE_BYTES) {
      yield { kind: "long-line" };
      return;
    }
  }
  if (rest.length > 0) yield take(rest);
}
