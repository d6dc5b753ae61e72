import type { Finding } from "../dialogue/finding.ts";
import { fine, warning, wrong } from "../dialogue/finding.ts";
import type { Keys } from "../ports/keys.ts";
import type { Ledger } from "../ports/ledger.ts";
import type { KeyStore } from "../ports/store/key-store.ts";

interface KeyParts {
  readonly keyStore: Pick<KeyStore, "probe">;
  readonly keys: Pick<Keys, "probe" | "knowsProbe">;
  readonly ledger: Pick<Ledger, "publicKey">;
}

/** Whether SECRET_KEY and LEDGER_KEY are those that this database was made with. Unlike a start, it leaves no probe. */
export const examineKeys = async ({ keyStore, keys, ledger }: KeyParts): Promise<readonly Finding[]> => {
  const [secret, signing] = await Promise.all([keyStore.probe("secret"), keyStore.probe("ledger")]);
  if (secret === null || signing === null) return [fine("keys.new")];
  const found = [
    ...(keys.knowsProbe(secret) ? [] : [wrong("keys.secret")]),
    ...(keys.knowsProbe(secret) && secret !== keys.probe() ? [warning("keys.rotating")] : []),
    ...(signing === ledger.publicKey ? [] : [wrong("keys.ledger")]),
  ];
  return found.length > 0 ? found : [fine("keys.ok")];
};
