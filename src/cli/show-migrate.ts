import { phrase } from "../dialogue/phrase.ts";
import type { Terminal } from "./terminal.ts";
import type { Toolbox } from "./toolbox.ts";

/** `chuanda migrate`: brings the database to the current schema. */
export const showMigrate = async ({ migrate }: Pick<Toolbox, "migrate">, terminal: Terminal): Promise<number> => {
  const applied = await migrate();
  terminal.out(terminal.say(phrase("migrate.done", { count: applied.length })));
  return 0;
};
