import { randomBytes } from "node:crypto";
import type { Keys, PersonCells } from "../ports/keys.ts";
import { boxKey, closedWith, open, seal } from "./box.ts";
import { derive } from "./derive.ts";
import type { RootKeys } from "./root-keys.ts";

const WRAPPED = "person_key.wrapped";

const cellsOf = (uid: string, dataKey: Buffer): PersonCells => {
  const key = boxKey(dataKey);
  return {
    seal: (place, words) => seal(key, `${place}|${uid}`, Buffer.from(words, "utf8")),
    open: (place, cell) => open([key], `${place}|${uid}`, cell).toString("utf8"),
  };
};

/** Each person's cells under a random key of their own, which is kept wrapped under the root: to forget it is to erase them. */
export const personKeys = (roots: RootKeys): Pick<Keys, "newPerson" | "person" | "rewrap"> => {
  const current = boxKey(derive(roots[0], "kek"));
  const all = [current, ...roots.slice(1).map((root) => boxKey(derive(root, "kek")))];
  const unwrap = (uid: string, wrapped: Uint8Array): Buffer => open(all, `${WRAPPED}|${uid}`, wrapped);
  const wrap = (uid: string, dataKey: Buffer): Buffer<ArrayBuffer> => seal(current, `${WRAPPED}|${uid}`, dataKey);
  return {
    newPerson(uid) {
      const dataKey = randomBytes(32);
      return { cells: cellsOf(uid, dataKey), wrapped: wrap(uid, dataKey) };
    },
    person: (uid, wrapped) => cellsOf(uid, unwrap(uid, wrapped)),
    rewrap(uid, wrapped) {
      const dataKey = unwrap(uid, wrapped);
      return closedWith(current, wrapped) ? null : wrap(uid, dataKey);
    },
  };
};
