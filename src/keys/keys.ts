import { createHash, randomBytes } from "node:crypto";
import type { Keys } from "../ports/keys.ts";
import { buttonCodes } from "./button-codes.ts";
import { derive } from "./derive.ts";
import { indexes } from "./indexes.ts";
import { personKeys } from "./person-keys.ts";
import { purposeBoxes } from "./purpose-boxes.ts";
import { readRootKeys } from "./root-keys.ts";

const tokenHash = (token: string): Buffer<ArrayBuffer> => createHash("sha256").update(token).digest();

const probeOf = (root: Buffer): string => derive(root, "probe").toString("base64url");

/**
 * Everything that derives from SECRET_KEY (32 random bytes in base64; "new,old" while it rotates). Throws when it cannot
 * be used, naming what is wrong and never the value.
 */
export const openKeys = (secretKey: string): Keys => {
  const read = readRootKeys(secretKey);
  if ("problem" in read) throw new Error(`SECRET_KEY cannot be used: ${JSON.stringify(read.problem)}`);
  const { roots } = read;
  return {
    ...personKeys(roots),
    ...indexes(roots),
    ...purposeBoxes(roots),
    ...buttonCodes(roots),
    newToken() {
      const token = randomBytes(32).toString("base64url");
      return { token, hash: tokenHash(token) };
    },
    tokenHash,
    probe: () => probeOf(roots[0]),
    knowsProbe: (probe) => roots.some((root) => probeOf(root) === probe),
  };
};
