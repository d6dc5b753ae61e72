import { generateKeyPairSync, randomBytes } from "node:crypto";

/** What an operator puts into the environment beside DATABASE_URL; the tests run at any hour of the day. */
export const newKeys = () => ({
  SECRET_KEY: randomBytes(32).toString("base64"),
  LEDGER_KEY: generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "der" }).toString("base64"),
  PUSH_HOURS: "always",
});
