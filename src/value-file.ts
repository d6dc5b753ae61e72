import { readFileSync, statSync } from "node:fs";
import type { PhraseKey } from "./dialogue/phrase.ts";

const LARGEST = 65_536;

const read = (path: string): string | { readonly wrong: PhraseKey } => {
  const file = statSync(path);
  // A device may have no end, and a directory is no secret.
  if (!file.isFile() && !file.isFIFO()) return { wrong: "config.file-unreadable" };
  if (file.size > LARGEST) return { wrong: "config.file-too-large" };
  const content = readFileSync(path, "utf8").replace(/\r?\n$/, "");
  // A secret that was never written is not a choice to have none.
  return content === "" ? { wrong: "config.file-empty" } : content;
};

/** What a `NAME_FILE` stands for: the content of the file, with one newline at its end cut off; or what is wrong with it. */
export const readValueFile = (path: string): string | { readonly wrong: PhraseKey } => {
  try {
    return read(path);
  } catch {
    return { wrong: "config.file-unreadable" };
  }
};

/** Wider than 0640: others may read it, or the group may change it. */
export const isLoose = (path: string): boolean => (statSync(path).mode & 0o037) !== 0;
