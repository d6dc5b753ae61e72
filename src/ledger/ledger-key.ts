import { createPrivateKey, createPublicKey, hkdfSync, type KeyObject } from "node:crypto";
import type { KeyProblem } from "../domain/key-problem.ts";
import { type NoteKey, noteKey } from "./head-note.ts";

export interface LedgerKey {
  readonly privateKey: KeyObject;
  /** What its heads are checked with. */
  readonly noteKey: NoteKey;
  /** Binds entries to their places; whoever has the database alone cannot make such a mac. */
  readonly macKey: Buffer;
}

const privateKeyOf = (text: string): KeyObject | null => {
  try {
    return text.includes("-----BEGIN")
      ? createPrivateKey(text.replaceAll("\\n", "\n"))
      : createPrivateKey({ key: Buffer.from(text, "base64"), format: "der", type: "pkcs8" });
  } catch {
    return null;
  }
};

/** An Ed25519 private key, PKCS#8, as PEM (line ends may be written as \n) or base64 DER; or why it is none. */
export const readLedgerKey = (text: string): { readonly key: LedgerKey } | { readonly problem: KeyProblem } => {
  const privateKey = privateKeyOf(text.trim());
  if (!privateKey) return { problem: { kind: "no-private-key" } };
  if (privateKey.asymmetricKeyType !== "ed25519") return { problem: { kind: "not-ed25519" } };
  const seed = privateKey.export({ type: "pkcs8", format: "der" }).subarray(-32);
  const macKey = Buffer.from(hkdfSync("sha256", seed, new Uint8Array(0), "chuanda/1/ledger-mac", 32));
  return { key: { privateKey, noteKey: noteKey(createPublicKey(privateKey)), macKey } };
};
