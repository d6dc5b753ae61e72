import { generateKeyPairSync, randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const found = (path: string): string | null => {
  try {
    return readFileSync(path, "utf8").trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    return null;
  }
};

/** Reads a secret that belongs to this directory, and makes it the first time: for its owner's eyes only. */
const kept = (path: string, make: () => string): string => {
  const known = found(path);
  if (known !== null) return known;
  const secret = make();
  writeFileSync(path, `${secret}\n`, { mode: 0o600, flag: "wx" });
  return secret;
};

const ed25519 = (): string =>
  generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "der" }).toString("base64");

const pathsIn = (dataDir: string) => ({ secret: join(dataDir, "secret.key"), ledger: join(dataDir, "ledger.key") });

/** The keys that lie in DATA_DIR, where it has any: a restore must not make new ones. */
export const keptSecrets = (
  dataDir: string,
): { readonly secretKey: string | null; readonly ledgerKey: string | null } => {
  const { secret, ledger } = pathsIn(dataDir);
  return { secretKey: found(secret), ledgerKey: found(ledger) };
};

/** The keys of the embedded form, made once in DATA_DIR. Whoever loses them loses every name in the database. */
export const localSecrets = (dataDir: string): { readonly secretKey: string; readonly ledgerKey: string } => {
  const { secret, ledger } = pathsIn(dataDir);
  return {
    secretKey: kept(secret, () => randomBytes(32).toString("base64")),
    ledgerKey: kept(ledger, ed25519),
  };
};
