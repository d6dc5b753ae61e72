import { randomBytes } from "node:crypto";
import { constants, rmSync } from "node:fs";
import { type FileHandle, link, open, realpath, rename, stat, unlink } from "node:fs/promises";
import { type Phrase, phrase } from "../dialogue/phrase.ts";

/** A file that is there whole or not at all. */
export interface OutFile {
  write(bytes: Uint8Array): Promise<void>;
  /** Gives it its name. A phrase where it cannot be done any more: then nothing is left of it. */
  keep(): Promise<Phrase | null>;
  /** Leaves nothing of it. */
  drop(): Promise<void>;
}

interface Wanted {
  readonly path: string;
  /** Whether a file of that name is replaced. */
  readonly force: boolean;
  /** Whether it holds what only its owner may read. */
  readonly isPrivate: boolean;
}

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? String(error);
const failure = (path: string, error: unknown): Phrase =>
  codeOf(error) === "EEXIST"
    ? phrase("out.exists", { file: path })
    : phrase("out.unwritable", { file: path, code: codeOf(error) });

const writeAll = async (handle: FileHandle, bytes: Uint8Array): Promise<void> => {
  for (let at = 0; at < bytes.length; ) at += (await handle.write(bytes, at)).bytesWritten;
};

/** What is no file takes its bytes at once: /dev/null, a pipe with a name. */
const straight = async (path: string): Promise<OutFile> => {
  const handle = await open(path, constants.O_WRONLY);
  const close = () => handle.close().catch(() => {});
  return { write: (bytes) => writeAll(handle, bytes), keep: () => close().then(() => null), drop: close };
};

/** Without `force` a file that has come to be there meanwhile is left alone; not every file system can do that in one step. */
const name = async (part: string, path: string, force: boolean): Promise<void> => {
  if (force) return rename(part, path);
  try {
    await link(part, path);
  } catch (error) {
    if (!["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"].includes(codeOf(error))) throw error;
    if (await stat(path).catch(() => null)) throw Object.assign(new Error("exists"), { code: "EEXIST" });
    return rename(part, path);
  }
  await unlink(part);
};

const beside = async ({ path, force, isPrivate }: Wanted): Promise<OutFile> => {
  const part = `${path}.part-${randomBytes(4).toString("hex")}`;
  const handle = await open(part, "wx", isPrivate ? 0o600 : 0o666);
  const remove = (): void => rmSync(part, { force: true });
  // However this process ends, short of being killed outright, nothing half done is left.
  process.once("exit", remove);
  const settled = async (act: () => Promise<void>): Promise<Phrase | null> => {
    try {
      await act();
      return null;
    } catch (error) {
      return failure(path, error);
    } finally {
      await handle.close().catch(() => {});
      remove();
      process.removeListener("exit", remove);
    }
  };
  return {
    write: (bytes) => writeAll(handle, bytes),
    keep: () => settled(async () => handle.sync().then(() => name(part, path, force))),
    drop: async () => void (await settled(async () => {})),
  };
};

/** Opens a file to be written beside its name; a phrase where that cannot be, or where a file is there already. */
export const openOutFile = async (wanted: Wanted): Promise<OutFile | Phrase> => {
  try {
    const there = await stat(wanted.path).catch(() => null);
    if (there?.isDirectory()) return phrase("out.is-folder", { file: wanted.path });
    if (there && !there.isFile()) return await straight(wanted.path);
    if (there && !wanted.force) return phrase("out.exists", { file: wanted.path });
    // A link goes on leading where it led.
    return await beside(there ? { ...wanted, path: await realpath(wanted.path) } : wanted);
  } catch (error) {
    return failure(wanted.path, error);
  }
};
