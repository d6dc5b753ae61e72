import { constants } from "node:fs";
import { access, stat, statfs } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { DiskFacts, SecretFile } from "./services/examine-machine.ts";

/** The nearest folder on the way up that is there. */
const existing = async (path: string): Promise<string> => {
  const found = await stat(path).catch(() => null);
  return found || dirname(path) === path ? path : existing(dirname(path));
};

/** How much room is left where a folder lies, or would lie. */
export const diskFacts = async (directory: string): Promise<DiskFacts> => {
  const place = await existing(resolve(directory));
  const { bavail, bsize, files, ffree } = await statfs(place);
  const writable = await access(place, constants.W_OK).then(
    () => true,
    () => false,
  );
  return { directory, freeBytes: bavail * bsize, freeFiles: files > 0 ? ffree / files : 1, writable };
};

/** The permissions of those of these files that are there. */
export const secretFiles = async (
  files: readonly { readonly variable: string; readonly path: string }[],
): Promise<readonly SecretFile[]> => {
  const all = await Promise.all(
    files.map(async (file) => {
      const found = await stat(file.path).catch(() => null);
      return found ? [{ ...file, mode: found.mode }] : [];
    }),
  );
  return all.flat();
};
