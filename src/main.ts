#!/usr/bin/env node
import packageJson from "../package.json" with { type: "json" };
import { ownTerminal } from "./cli/own-terminal.ts";
import { readCommandLine } from "./cli/program.ts";
import type { Request } from "./cli/shelf.ts";
import type { Terminal } from "./cli/terminal.ts";
import type { Config } from "./config.ts";
import { ConfigError, forgetSecrets, readConfig, readTerminal } from "./config.ts";
import { type Phrase, phrase } from "./dialogue/phrase.ts";
import type { Locale } from "./domain/language.ts";
import { speaker } from "./locale/speaker.ts";
import { openLog } from "./log/log.ts";
import { mask } from "./log/mask.ts";
import { Refusal } from "./refusal.ts";
import { runCommand } from "./run-command.ts";
import { runDemo } from "./run-demo.ts";
import { runMigrate, runServe } from "./run-service.ts";

const run = async (request: Request, config: Config, locale: Locale, terminal: Terminal): Promise<number> => {
  // Commands and the demo speak to a person at the terminal; beside them only what goes wrong is logged.
  const log = openLog(request.kind === "serve" ? config.logLevel : "warn", process.stderr, config.secrets);
  // Node would print such an error itself, with all that a library hung on it.
  process.once("uncaughtException", (err) => {
    log.error("crashed", { err });
    process.exit(1);
  });
  if (request.kind === "invocation") return runCommand(config, log, request.invocation, locale, terminal);
  if (request.kind === "serve") return runServe(config, log, request.roles, terminal);
  if (request.kind === "migrate") return runMigrate(config, log, terminal);
  return request.kind === "demo" ? runDemo(config, log, request, terminal) : request.code;
};

/** What an operator is told when it could not be done: one line, without a trace. */
const reason = (error: unknown): Phrase => {
  if (error instanceof ConfigError || error instanceof Refusal) return error.words;
  return phrase("cli.failed", { why: mask(error instanceof Error ? error.message : String(error)) });
};

const main = async (): Promise<number> => {
  const { locale, zone } = readTerminal();
  const { say } = speaker(() => new Date(), zone);
  const terminal = ownTerminal((words) => say(words, locale));
  const request = readCommandLine(process.argv.slice(2), terminal.say, packageJson.version);
  if (request.kind === "exit") return request.code;
  try {
    const config = readConfig();
    forgetSecrets();
    return await run(request, config, locale, terminal);
  } catch (error) {
    terminal.progress(null);
    terminal.err(terminal.say(reason(error)));
    return 1;
  }
};

// Whoever reads us may have read enough: `chuanda coverage … | head`.
process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 1));
process.exit(await main());
