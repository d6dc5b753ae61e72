import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { utf8Text } from "../../src/files/utf8-text.ts";

async function* cut(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

const read = async (bytes: Uint8Array, sizes: readonly number[] = [bytes.length]) => {
  const pieces = [];
  for await (const piece of utf8Text(cut(bytes, sizes))) pieces.push(piece);
  return pieces;
};

const utf8 = (text: string) => new TextEncoder().encode(text);

describe("text from bytes", () => {
  it("is the same however the bytes are cut", async () => {
    const letters = fc.constantFrom("a", "中", "𠮷", "é", "\n", "\r", "\r\n", "\ufeff", "\0");
    await fc.assert(
      fc.asyncProperty(
        fc.array(letters, { maxLength: 40 }),
        fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 5 }),
        async (parts, sizes) => {
          const text = parts.join("");
          expect((await read(utf8(`\ufeff${text}`), sizes)).join("")).toBe(text);
        },
      ),
    );
  });

  it("breaks within no character, even of a line without end", async () => {
    const text = "a𠮷".repeat(700_000);
    const pieces = await read(utf8(text), [65_536]);
    expect(pieces.length).toBeGreaterThan(2);
    expect(pieces.join("") === text).toBe(true);
  });

  it("tells the line of the first bytes that are none, whatever ends the lines and however they are cut", async () => {
    const ends = fc.constantFrom("\n", "\r", "\r\n");
    await fc.assert(
      fc.asyncProperty(
        fc.array(ends, { maxLength: 20 }),
        ends,
        fc.integer({ min: 1, max: 9 }),
        async (before, after, size) => {
          // The Chinese character 中 in GB18030.
          const bytes = Buffer.concat([
            utf8(before.map((end) => `中${end}`).join("")),
            Buffer.from([0x61, 0xd6, 0xd0]),
            utf8(`${after}b`),
          ]);
          expect((await read(bytes, [size])).at(-1)).toEqual({ kind: "not-utf8", line: before.length + 1 });
        },
      ),
    );
  });

  it("ends with a character that is cut off by the end of the file", async () => {
    expect((await read(utf8("好\n中").subarray(0, -1))).at(-1)).toEqual({ kind: "not-utf8", line: 2 });
  });
});
