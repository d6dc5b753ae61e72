import { createReadStream } from "node:fs";
import { access, constants, readFile, stat } from "node:fs/promises";
import { type Problem, problem, reason } from "../domain/problem.ts";

/** The bytes of a file, as often as wanted. */
export interface Source {
  readonly file: string;
  /** How many bytes it has. */
  readonly size: number;
  chunks(): AsyncIterable<Uint8Array>;
  /** Whether the file is still what it was when it was opened. */
  isUnchanged(): Promise<boolean>;
}

const CHUNK_BYTES = 64 * 1024;

const fingerprint = async (path: string): Promise<string> => {
  const { dev, ino, size, mtimeNs } = await stat(path, { bigint: true });
  return [dev, ino, size, mtimeNs].join(" ");
};

/** What gives its bytes only once, such as a pipe, is kept in memory. */
const onceOnly = async (path: string): Promise<Source> => {
  const bytes = await readFile(path);
  return {
    file: path,
    size: bytes.length,
    async *chunks() {
      for (let at = 0; at < bytes.length; at += CHUNK_BYTES) yield bytes.subarray(at, at + CHUNK_BYTES);
    },
    isUnchanged: async () => true,
  };
};

const open = async (path: string): Promise<Source> => {
  await access(path, constants.R_OK);
  const found = await stat(path);
  if (!found.isFile()) return onceOnly(path);
  const before = await fingerprint(path);
  return {
    file: path,
    size: found.size,
    chunks: () => createReadStream(path, { highWaterMark: CHUNK_BYTES }),
    isUnchanged: async () => (await fingerprint(path)) === before,
  };
};

/** A file that cannot be read is a problem with the system's code for it ("ENOENT"). */
export const openSource = async (path: string): Promise<Source | Problem> => {
  try {
    return await open(path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === undefined) throw error;
    return problem({ file: path, line: null }, reason("unreadable", { code }));
  }
};

/** The first bytes of a file, which tell what it is. */
export const headOf = async (source: Source): Promise<Uint8Array> => {
  for await (const chunk of source.chunks()) return chunk;
  return new Uint8Array(0);
};

/** All of a file that is known to be small. */
export const bytesOf = async (source: Source): Promise<Buffer> => {
  const chunks: Uint8Array[] = [];
  for await (const chunk of source.chunks()) chunks.push(chunk);
  return Buffer.concat(chunks);
};
