import { fileURLToPath } from "node:url";
import { ownTerminal } from "../../src/cli/own-terminal.ts";
import type { Role } from "../../src/cli/shelf.ts";
import { stopRequest } from "../../src/cli/stop-request.ts";
import { readConfig } from "../../src/config.ts";
import { speaker } from "../../src/locale/speaker.ts";
import { openLog } from "../../src/log/log.ts";
import { runServe } from "../../src/run-service.ts";
import { scriptedTelegram } from "../scripted/telegram.ts";

/** What its environment says beside what `serve` reads. */
interface Orders {
  readonly platformUrl: string;
  /** Requests to the platform that are under way at once. */
  readonly lanes: number;
}

/** `chuanda serve` as it is, with a scripted platform beside the web chat and no limit to what one address may ask. */
const serve = async (roles: readonly Role[], { platformUrl, lanes }: Orders): Promise<number> => {
  const config = readConfig();
  const { say } = speaker(() => new Date(), config.zone);
  const terminal = ownTerminal((words) => say(words, "en"), stopRequest());
  return runServe(config, openLog(config.logLevel), roles, terminal, ({ keys }) => ({
    platforms: [scriptedTelegram(platformUrl, keys, { perSecond: null, concurrency: lanes })],
    rates: { normal: Number.MAX_SAFE_INTEGER, tight: Number.MAX_SAFE_INTEGER },
  }));
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , role, orders = ""] = process.argv;
  process.exit(await serve([role as Role], JSON.parse(orders) as Orders));
}
