import { carryOut } from "./cli/carry-out.ts";
import { knock } from "./cli/control-knock.ts";
import type { Invocation } from "./cli/invocation.ts";
import type { Terminal } from "./cli/terminal.ts";
import type { Config } from "./config.ts";
import { lockDirectory } from "./database/directory-lock.ts";
import { phrase } from "./dialogue/phrase.ts";
import type { Locale } from "./domain/language.ts";
import { openInstallation } from "./installation.ts";
import type { Log } from "./ports/log.ts";
import { openToolbox } from "./toolbox.ts";

/** A command that is asked to end does so at once, with whoever wants to tidy up at the exit. */
const endWhenAsked = (): void => {
  process.once("SIGINT", () => process.exit(130));
  process.once("SIGTERM", () => process.exit(143));
};

const here = async (config: Config, log: Log, invocation: Invocation, terminal: Terminal): Promise<number> => {
  const onDeath = (why: string) => {
    terminal.err(why);
    process.exit(1);
  };
  endWhenAsked();
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
  if (config.databaseUrl !== null) return here(config, log, invocation, terminal);
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
