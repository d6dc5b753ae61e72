import type { KeyProblem } from "../domain/key-problem.ts";

/** The current key and those it replaces. */
export type RootKeys = readonly [Buffer, ...Buffer[]];

const BYTES = 32;

const decode = (text: string): Buffer | null => {
  const bytes = Buffer.from(text, "base64");
  return text !== "" && bytes.toString("base64").replace(/=+$/, "") === text.replace(/=+$/, "") ? bytes : null;
};

/** The root keys of "new,old", the current one first; or the first thing that is wrong with them. */
export const readRootKeys = (secretKey: string): { readonly roots: RootKeys } | { readonly problem: KeyProblem } => {
  const roots: Buffer[] = [];
  for (const [place, text] of secretKey.split(",").entries()) {
    const part = place + 1;
    const root = decode(text.trim());
    if (!root) return { problem: { kind: "not-base64", part } };
    if (root.length !== BYTES) return { problem: { kind: "wrong-length", part, bytes: root.length } };
    if (roots.some((other) => other.equals(root))) return { problem: { kind: "same-twice", part } };
    roots.push(root);
  }
  return { roots: roots as [Buffer, ...Buffer[]] };
};
