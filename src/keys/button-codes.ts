import { createHmac, timingSafeEqual } from "node:crypto";
import { ACTION_BYTES, decodeAction, encodeAction } from "../dialogue/action.ts";
import type { Address } from "../domain/address.ts";
import type { Keys } from "../ports/keys.ts";
import { derive } from "./derive.ts";
import type { RootKeys } from "./root-keys.ts";

const MAC_BYTES = 12;
/** Twelve bytes of action and twelve of proof: half of the 64 bytes that Telegram allows behind a button. */
const CODE = /^[A-Za-z0-9_-]{32}$/;

const macOf = (key: Buffer, action: Uint8Array, { platform, chat }: Address): Buffer =>
  createHmac("sha256", key)
    .update(JSON.stringify([platform, chat]))
    .update(action)
    .digest()
    .subarray(0, MAC_BYTES);

/** Codes that only the address they were drawn for can press. */
export const buttonCodes = (roots: RootKeys): Pick<Keys, "buttonCode" | "readButton"> => {
  const current = derive(roots[0], "button");
  const all = [current, ...roots.slice(1).map((root) => derive(root, "button"))];
  return {
    buttonCode(action, address) {
      const bytes = encodeAction(action);
      return Buffer.concat([bytes, macOf(current, bytes, address)]).toString("base64url");
    },
    readButton(code, address) {
      if (!CODE.test(code)) return null;
      const bytes = Buffer.from(code, "base64url");
      const action = bytes.subarray(0, ACTION_BYTES);
      const genuine = all.some((key) => timingSafeEqual(macOf(key, action, address), bytes.subarray(ACTION_BYTES)));
      return genuine ? decodeAction(action) : null;
    },
  };
};
