import { hkdfSync } from "node:crypto";

/** A key of its own for each purpose (RFC 5869, SHA-256), so that none of them tells anything about another. */
export const derive = (root: Uint8Array, purpose: string, bytes = 32): Buffer =>
  Buffer.from(hkdfSync("sha256", root, new Uint8Array(0), `chuanda/1/${purpose}`, bytes));
