import type { Keys } from "../ports/keys.ts";
import { type BoxKey, boxKey, open, seal } from "./box.ts";
import { derive } from "./derive.ts";
import type { RootKeys } from "./root-keys.ts";

/** Boxes for what belongs to no one person; each purpose has a key of its own. */
export const purposeBoxes = (roots: RootKeys): Pick<Keys, "sealFor" | "openFor"> => {
  const known = new Map<string, readonly [BoxKey, ...BoxKey[]]>();
  const keysFor = (purpose: string): readonly [BoxKey, ...BoxKey[]] => {
    const [current, ...older] = roots;
    const key = (root: Buffer): BoxKey => boxKey(derive(root, `box/${purpose}`));
    const keys = known.get(purpose) ?? [key(current), ...older.map(key)];
    known.set(purpose, keys);
    return keys;
  };
  return {
    sealFor: (purpose, words) => seal(keysFor(purpose)[0], purpose, Buffer.from(words, "utf8")),
    openFor: (purpose, cell) => open(keysFor(purpose), purpose, cell).toString("utf8"),
  };
};
