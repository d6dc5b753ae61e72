import { carryOut } from "./cli/carry-out.ts";
import { knock } from "./cli/control-knock.ts";
import type { Invocation } from "./cli/invocation.ts";
import type { Terminal } from "./cli/terminal.ts";
import type { Config } from "./config.ts";
import { lockDirectory } from "./database/directory-lock.ts";
import { hasCluster } from "./database/embedded.ts";
import { phrase } from "./dialogue/phrase.ts";
import type { Locale } from "./domain/language.ts";
import { openInstallation } from "./installation.ts";
import type { Log } from "./ports/log.ts";
import { runDoctor } from "./run-doctor.ts";
import { openToolbox } from "./toolbox.ts";

const here = async (config: Config, log: Log, invocation: Invocation, terminal: Terminal): Promise<number> => {
  // It looks also at what cannot be opened.
  if (invocation.command === "doctor") return runDoctor(config, log, invocation, terminal);
  const onDeath = (why: string) => {
    terminal.err(why);
    process.exit(1);
  };
  const installation = await openInstallation(config, log, { migrate: false, onDeath });
  const address = config.publicUrl?.origin ?? `http://${config.host}:${config.port}`;
  try {
    return await carryOut(openToolbox(installation, address), invocation, terminal);
  } finally {
    await installation.close();
  }
};

/**
 * Carries a command out in this process; or, while a service runs on the embedded database, has that service do it, for
 * nobody else can open the database then.
 */
export const runCommand = async (
  config: Config,
  log: Log,
  invocation: Invocation,
  locale: Locale,
  terminal: Terminal,
): Promise<number> => {
  const examinesNothing = invocation.command === "doctor" && !hasCluster(config.dataDir);
  if (config.databaseUrl !== null || examinesNothing) return here(config, log, invocation, terminal);
  const lock = lockDirectory(config.dataDir);
  if (lock) {
    try {
      return await here(config, log, invocation, terminal);
    } finally {
      lock.release();
    }
  }
  const code = await knock(config.dataDir, invocation, locale, terminal);
  if (code === null) terminal.err(terminal.say(phrase("cli.no-answer", { directory: config.dataDir })));
  return code ?? 1;
};
