import { lockDirectory } from "./database/directory-lock.ts";
import { phrase } from "./dialogue/phrase.ts";
import { Refusal } from "./refusal.ts";

/** Keeps an embedded database to this process; throws where another one has it. Returns what lets go of it. */
export const holdDirectory = (directory: string): (() => void) => {
  const lock = lockDirectory(directory);
  if (!lock) throw new Refusal(phrase("refuse.busy", { directory }));
  return lock.release;
};
