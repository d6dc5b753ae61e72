import { setTimeout as sleep } from "node:timers/promises";
import packageJson from "../package.json" with { type: "json" };
import { knock } from "./cli/control-knock.ts";
import type { Invocation } from "./cli/invocation.ts";
import type { StopRequest } from "./cli/stop-request.ts";
import type { Station } from "./cli/terminal.ts";
import type { Config } from "./config.ts";
import { lockDirectory } from "./database/directory-lock.ts";
import { phrase } from "./dialogue/phrase.ts";
import type { Locale } from "./domain/language.ts";

/** Whoever started the command, and how to speak to them. */
export interface Asker {
  readonly station: Station;
  readonly locale: Locale;
  readonly stop: StopRequest;
}

/** A service that starts or stops, and another command that is at work, are waited for so long. */
const PATIENCE_MS = 5_000;
const AGAIN_MS = 100;

/**
 * Does the work in this process, holding DATA_DIR; or, while a service runs on the embedded database, has that service do
 * it, for nobody else can open the database then.
 */
export const hereOrThere = async (
  { databaseUrl, dataDir }: Config,
  invocation: Invocation,
  { station, locale, stop }: Asker,
  here: () => Promise<number>,
): Promise<number> => {
  if (databaseUrl !== null) return here();
  for (const until = performance.now() + PATIENCE_MS; ; await sleep(AGAIN_MS)) {
    const lock = lockDirectory(dataDir);
    if (lock) return here().finally(lock.release);
    const code = await knock({ dataDir, version: packageJson.version, invocation, locale, stop }, station);
    if (code !== "silent") return code;
    stop.check();
    if (performance.now() > until) break;
  }
  station.err(station.say(phrase("cli.no-answer", { directory: dataDir })));
  return 1;
};
