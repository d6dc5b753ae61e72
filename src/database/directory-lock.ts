import { closeSync, mkdirSync, openSync } from "node:fs";
import { join } from "node:path";
import { tryLock, unlock } from "fs-native-extensions";

export interface DirectoryLock {
  release(): void;
}

/**
 * Holds a directory for this process, or null when somebody holds it already, here or in another process. The kernel
 * keeps the lock, so it ends with the process however that ends. Makes the directory, for its owner's eyes only.
 */
export const lockDirectory = (directory: string): DirectoryLock | null => {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const file = openSync(join(directory, "lock"), "a+", 0o600);
  if (!tryLock(file)) {
    closeSync(file);
    return null;
  }
  let held = true;
  return {
    release: () => {
      if (!held) return;
      held = false;
      unlock(file);
      closeSync(file);
    },
  };
};
