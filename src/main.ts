#!/usr/bin/env node
import packageJson from "../package.json" with { type: "json" };
import { ownTerminal } from "./cli/own-terminal.ts";
import { readCommandLine } from "./cli/program.ts";
import type { Request } from "./cli/shelf.ts";
import type { Terminal } from "./cli/terminal.ts";
import type { Config } from "./config.ts";
import { ConfigError, readConfig, readTerminal } from "./config.ts";
import { type Phrase, phrase } from "./dialogue/phrase.ts";
import type { Locale } from "./domain/language.ts";
import { speaker } from "./locale/speaker.ts";
import { openLog } from "./log/log.ts";
import { Refusal } from "./refusal.ts";

/** Loads only what the request needs: whoever asks for help, or types it wrong, does not wait for a database's client. */
const run = async (
  request: Exclude<Request, { readonly kind: "exit" }>,
  config: Config,
  locale: Locale,
  terminal: Terminal,
): Promise<number> => {
  // Commands and the demo speak to a person at the terminal; beside them only what goes wrong is logged.
  const log = openLog(request.kind === "serve" ? config.logLevel : "warn");
  if (request.kind === "invocation") {
    const { runCommand } = await import("./run-command.ts");
    return runCommand(config, log, request.invocation, locale, terminal);
  }
  if (request.kind === "demo") {
    const { runDemo } = await import("./run-demo.ts");
    return runDemo(config, log, request, terminal);
  }
  const { runMigrate, runServe } = await import("./run-service.ts");
  return request.kind === "serve" ? runServe(config, log, request.roles, terminal) : runMigrate(config, log, terminal);
};

/** What an operator is told when it could not be done: one line, without a trace. */
const reason = (error: unknown): Phrase => {
  if (error instanceof ConfigError || error instanceof Refusal) return error.words;
  return phrase("cli.failed", { why: error instanceof Error ? error.message : String(error) });
};

const main = async (): Promise<number> => {
  const { locale, zone } = readTerminal();
  const { say } = speaker(() => new Date(), zone);
  const terminal = ownTerminal((words) => say(words, locale));
  const request = readCommandLine(process.argv.slice(2), terminal.say, packageJson.version);
  if (request.kind === "exit") return request.code;
  try {
    return await run(request, readConfig(), locale, terminal);
  } catch (error) {
    terminal.progress(null);
    terminal.err(terminal.say(reason(error)));
    return 1;
  }
};

// Whoever reads us may have read enough: `chuanda coverage … | head`.
process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 1));
process.exit(await main());
