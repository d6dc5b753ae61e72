import { type Phrase, phrase } from "../dialogue/phrase.ts";
import type { Keys } from "../ports/keys.ts";
import type { Ledger } from "../ports/ledger.ts";
import type { KeyStore } from "../ports/store/key-store.ts";

export interface CheckKeysParts {
  readonly keyStore: KeyStore;
  readonly keys: Pick<Keys, "probe" | "knowsProbe" | "person">;
  readonly ledger: Pick<Ledger, "publicKey">;
}

export type KeyCheck =
  | { readonly kind: "ready" }
  /** SECRET_KEY holds a new key and the one that everything is still closed with: `rotateKeys` is due. */
  | { readonly kind: "rotation-due" }
  | { readonly kind: "refused"; readonly words: Phrase };

/** Leaves the probe where there is none, and returns the one that counts. */
const probeOf = async (keyStore: KeyStore, of: "secret" | "ledger", fresh: string): Promise<string> => {
  const stored = await keyStore.probe(of);
  if (stored !== null) return stored;
  await keyStore.setProbe(of, null, fresh);
  return (await keyStore.probe(of)) ?? fresh;
};

/** Whether people's keys open, for a database whose probe was lost. */
const opensPeople = async ({ keyStore, keys }: CheckKeysParts): Promise<boolean> => {
  const [row] = await keyStore.keys(null, 1);
  try {
    if (row) keys.person(row.uid, row.wrapped);
    return true;
  } catch {
    return false;
  }
};

/** Whether this installation's keys are those that its database was made with. To be asked before anything starts. */
export const checkKeys = async (parts: CheckKeysParts): Promise<KeyCheck> => {
  const { keyStore, keys, ledger } = parts;
  const refused = { kind: "refused", words: phrase("keys.wrong-secret") } as const;
  if ((await keyStore.probe("secret")) === null && !(await opensPeople(parts))) return refused;
  const secret = await probeOf(keyStore, "secret", keys.probe());
  if (!keys.knowsProbe(secret)) return refused;
  if ((await probeOf(keyStore, "ledger", ledger.publicKey)) !== ledger.publicKey) {
    return { kind: "refused", words: phrase("keys.wrong-ledger") };
  }
  return secret === keys.probe() ? { kind: "ready" } : { kind: "rotation-due" };
};
