import type { PhraseKey } from "../dialogue/phrase.ts";
import { type Phrase, phrase } from "../dialogue/phrase.ts";

const KNOWN: ReadonlyMap<string, PhraseKey> = new Map([
  ["ENOENT", "file.no-folder"],
  ["ENOTDIR", "file.no-folder"],
  ["EACCES", "file.no-right"],
  ["EPERM", "file.no-right"],
  ["EROFS", "file.no-right"],
  ["ENOSPC", "file.full"],
  ["EDQUOT", "file.full"],
  ["EFBIG", "file.full"],
]);

/** Why a file cannot be written, after the system's code. */
export const fileTrouble = (code: string): Phrase => {
  const key = KNOWN.get(code);
  return key ? phrase(key) : phrase("file.trouble", { code });
};
