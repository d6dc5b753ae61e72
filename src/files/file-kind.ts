/** What a file is by its first bytes, whatever its name. Anything that is nothing else may be text. */
export type FileKind = "zip" | "ole" | "utf-16" | "binary" | "text";

const BEGINNINGS = [
  ["zip", [0x50, 0x4b, 0x03, 0x04]],
  // A ZIP with nothing in it.
  ["zip", [0x50, 0x4b, 0x05, 0x06]],
  // The container of .xls, and of everything from Office that has a password.
  ["ole", [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]],
  ["utf-16", [0xff, 0xfe]],
  ["utf-16", [0xfe, 0xff]],
] as const satisfies readonly (readonly [FileKind, readonly number[]])[];

export const fileKind = (head: Uint8Array): FileKind => {
  const known = BEGINNINGS.find(([, bytes]) => bytes.every((byte, at) => head[at] === byte));
  if (known) return known[0];
  // No text of a table holds U+0000; pictures, PDFs and programs do.
  return head.includes(0) ? "binary" : "text";
};
