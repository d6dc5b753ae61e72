import { unlinkSync } from "node:fs";
import { type FileHandle, open, rename } from "node:fs/promises";
import { dirname } from "node:path";

/** What a new file's name holds until the file is whole. */
export interface WholeFile {
  readonly handle: FileHandle;
  /** The file is whole and safe on the disk: gives it its name. */
  keep(): Promise<void>;
  /** Removes it, unless it was kept. */
  leave(): Promise<void>;
}

const syncFolder = async (path: string): Promise<void> => {
  const folder = await open(dirname(path), "r");
  await folder.sync().catch(() => {});
  await folder.close();
};

/**
 * Begins a file beside its name, for its owner's eyes only. Until it is kept, whatever stands under the name stays; a
 * process that is asked to end in between leaves nothing.
 */
export const wholeFile = async (path: string): Promise<WholeFile> => {
  const temporary = `${path}.${process.pid}-${Date.now().toString(36)}.part`;
  const handle = await open(temporary, "wx", 0o600);
  const remove = (): void => {
    try {
      unlinkSync(temporary);
    } catch {
      // It is gone, or was renamed.
    }
  };
  process.once("exit", remove);
  const done = async (): Promise<void> => {
    process.removeListener("exit", remove);
    await handle.close().catch(() => {});
  };
  return {
    handle,
    async keep() {
      await handle.sync();
      await rename(temporary, path);
      await done();
      await syncFolder(path);
    },
    async leave() {
      await done();
      remove();
    },
  };
};
