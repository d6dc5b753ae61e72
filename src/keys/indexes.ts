import { createHmac } from "node:crypto";
import type { Indexed, Keys } from "../ports/keys.ts";
import { derive } from "./derive.ts";
import type { RootKeys } from "./root-keys.ts";

/** Half a SHA-256 is enough to be unique and too little to be sure of a guess without the key. */
const BYTES = 16;
const INDEXED: readonly Indexed[] = ["name", "phone", "address"];

/**
 * Keyed indexes find a person without opening a cell. Whoever holds the root key and the database can try all phone
 * numbers against them: the key is what protects them.
 */
export const indexes = (roots: RootKeys): Pick<Keys, "index" | "indexes"> => {
  const keysOf = (root: Buffer): Readonly<Record<Indexed, Buffer>> =>
    Object.fromEntries(INDEXED.map((what) => [what, derive(root, `index/${what}`)])) as Record<Indexed, Buffer>;
  const under = (keys: Readonly<Record<Indexed, Buffer>>, what: Indexed, value: string): Uint8Array<ArrayBuffer> =>
    createHmac("sha256", keys[what]).update(value.normalize("NFKC")).digest().subarray(0, BYTES);
  const current = keysOf(roots[0]);
  const all = [current, ...roots.slice(1).map(keysOf)];
  return {
    index: (what, value) => under(current, what, value),
    indexes: (what, value) => all.map((keys) => under(keys, what, value)),
  };
};
