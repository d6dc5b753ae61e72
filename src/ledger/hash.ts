import { createHash } from "node:crypto";
import type { Bytes } from "../ports/ledger.ts";

export const sha256 = (...parts: readonly (Uint8Array | string)[]): Bytes => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
};

export const equal = (one: Uint8Array, other: Uint8Array): boolean => Buffer.compare(one, other) === 0;

/** The bytes of standard base64; null for what is none, or would be written differently. */
export const fromBase64 = (text: string): Buffer<ArrayBuffer> | null => {
  const bytes = Buffer.from(text, "base64");
  return bytes.toString("base64") === text ? bytes : null;
};
