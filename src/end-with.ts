import type { Terminal } from "./cli/terminal.ts";

/** The last line of a process whose embedded database is gone. */
export const endWith =
  (terminal: Pick<Terminal, "err">) =>
  (why: string): void => {
    terminal.err(why);
    process.exit(1);
  };
