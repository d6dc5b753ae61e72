import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodedText, type Encoding } from "../../src/files/decoded-text.ts";

async function* cut(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

const read = async (bytes: Uint8Array, sizes: readonly number[] = [bytes.length], encoding: Encoding = "utf-8") => {
  const pieces = [];
  for await (const piece of decodedText(cut(bytes, sizes), encoding)) pieces.push(piece);
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

  it("is given up where a line has no end, after the lines before it", async () => {
    expect(await read(utf8(`a\n${"a𠮷".repeat(300_000)}`), [65_536])).toEqual(["a\n", { kind: "long-line" }]);
  });

  it("in GB18030 is the same however the bytes are cut, four bytes a character or two", async () => {
    // 中, € as the one byte of a spreadsheet in China, and 𠮷.
    const bytes = Buffer.from([0xd6, 0xd0, 0x0d, 0x0a, 0x80, 0x0a, 0x95, 0x34, 0xb2, 0x35, 0x61]);
    for (const size of [1, 2, 3, 5, bytes.length])
      expect((await read(bytes, [size], "gb18030")).join("")).toBe("中\r\n€\n𠮷a");
    expect(await read(Buffer.from([0x61, 0x0a, 0xd6, 0xd0, 0x0a, 0xd6, 0x20]), [1], "gb18030")).toContainEqual({
      kind: "no-text",
      line: 3,
    });
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
          expect((await read(bytes, [size])).at(-1)).toEqual({ kind: "no-text", line: before.length + 1 });
        },
      ),
    );
  });

  it("ends with a character that is cut off by the end of the file", async () => {
    expect((await read(utf8("好\n中").subarray(0, -1))).at(-1)).toEqual({ kind: "no-text", line: 2 });
  });
});
