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

/** Where the embedded form keeps its keys. */
export const localSecretPaths = (dataDir: string) => ({
  secretKey: join(dataDir, "secret.key"),
  ledgerKey: join(dataDir, "ledger.key"),
});

/** The keys that lie in DATA_DIR, where it has any: a restore must not make new ones. */
export const keptSecrets = (
  dataDir: string,
): { readonly secretKey: string | null; readonly ledgerKey: string | null } => {
  const paths = localSecretPaths(dataDir);
  return { secretKey: found(paths.secretKey), ledgerKey: found(paths.ledgerKey) };
};

/** The keys of the embedded form, made once in DATA_DIR. Whoever loses them loses every name in the database. */
export const localSecrets = (dataDir: string): { readonly secretKey: string; readonly ledgerKey: string } => {
  const paths = localSecretPaths(dataDir);
  return {
    secretKey: kept(paths.secretKey, () => randomBytes(32).toString("base64")),
    ledgerKey: kept(paths.ledgerKey, ed25519),
  };
};
