#!/usr/bin/env node
import packageJson from "../package.json" with { type: "json" };
import { ownTerminal } from "./cli/own-terminal.ts";
import { readCommandLine } from "./cli/program.ts";
import type { Request } from "./cli/shelf.ts";
import { stopOnSignals, stopRequest } from "./cli/stop-request.ts";
import { Stopped } from "./cli/stopped.ts";
import type { Config } from "./config.ts";
import { forgetSecrets, readConfig, readTerminal } from "./config.ts";
import type { Locale } from "./domain/language.ts";
import type { Asker } from "./here-or-there.ts";
import { speaker } from "./locale/speaker.ts";
import { openLog } from "./log/log.ts";
import { reasonOf } from "./reason.ts";

/** Loads only what the request needs: whoever asks for help, or types it wrong, does not wait for a database's client. */
const run = async (
  request: Exclude<Request, { readonly kind: "exit" }>,
  config: Config,
  asker: Asker,
): Promise<number> => {
  const { station } = asker;
  // Commands and the demo speak to a person at the terminal; beside them only what goes wrong is logged.
  const log = openLog(request.kind === "serve" ? config.logLevel : "warn", process.stderr, config.secrets);
  // Node would print such an error itself, with all that a library hung on it.
  process.once("uncaughtException", (err) => {
    log.error("crashed", { err });
    process.exit(1);
  });
  if (request.kind === "serve") return (await import("./run-service.ts")).runServe(config, log, request.roles, station);
  if (request.kind === "demo") return (await import("./run-demo.ts")).runDemo(config, log, request, station);
  if (request.kind === "talk") return (await import("./run-talk.ts")).runTalk(config, log, request, station);
  if (request.kind === "restore") return (await import("./run-restore.ts")).runRestore(config, log, request, station);
  stopOnSignals(asker.stop);
  const { runCommand, runMigrate } = await import("./run-command.ts");
  return request.kind === "migrate"
    ? runMigrate(config, log, asker)
    : runCommand(config, log, request.invocation, asker);
};

/** The language in which a command is to speak, where it was named. */
const localeIn = (request: Request): Locale | null => {
  if (request.kind === "talk") return request.locale;
  return request.kind === "invocation" && request.invocation.command === "export" ? request.invocation.locale : null;
};

const main = async (): Promise<number> => {
  const { locale: here, zone } = readTerminal();
  const { say } = speaker(() => new Date(), zone);
  const request = readCommandLine(process.argv.slice(2), (words) => say(words, here), packageJson.version);
  if (request.kind === "exit") return request.code;
  const locale = localeIn(request) ?? here;
  const stop = stopRequest();
  const station = ownTerminal((words) => say(words, locale), stop);
  try {
    const config = readConfig();
    forgetSecrets();
    return await run(request, config, { station, locale, stop });
  } catch (error) {
    station.progress(null);
    if (error instanceof Stopped) return error.code;
    station.err(station.say(reasonOf(error)));
    return 1;
  }
};

// Whoever reads us may have read enough: `chuanda coverage … | head`.
process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 1));
// Where nobody hears what goes wrong, the exit code still tells.
process.stderr.on("error", () => {});
process.exit(await main());
