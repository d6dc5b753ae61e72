import { existsSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { phrase } from "./dialogue/phrase.ts";
import { Refusal } from "./refusal.ts";

/** Lies in a DATA_DIR that holds the demo, so that nobody's real data is ever mixed with it, or deleted for it. */
const MARK = "demo";

const isDemo = (dataDir: string): boolean => existsSync(join(dataDir, MARK));

/** Makes a held DATA_DIR the demo's; throws where it holds something else. `fresh` empties it first. */
export const claimForDemo = (dataDir: string, fresh: boolean): void => {
  const held = readdirSync(dataDir).filter((name) => name !== "lock");
  if (held.length > 0 && !isDemo(dataDir)) throw new Refusal(phrase("refuse.not-demo", { directory: dataDir }));
  if (fresh) for (const name of held) rmSync(join(dataDir, name), { recursive: true, force: true });
  writeFileSync(join(dataDir, MARK), "");
};

/** Real people's notices do not go out from a demo, whose clock stands in 2020. */
export const refuseDemo = (dataDir: string): void => {
  if (isDemo(dataDir)) throw new Refusal(phrase("refuse.is-demo", { directory: dataDir }));
};
