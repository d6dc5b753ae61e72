import { createHash, type Hash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { Transform, type Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { extract, type Header } from "tar-stream";
import type { BackupFault, BackupManifest } from "../domain/backup.ts";
import type { BackupFiles } from "../ports/backup.ts";
import { FORMAT, MANIFEST, MARK, readManifest, tableOfPart } from "./backup-format.ts";

/** Parts are some megabytes at most; what is more was not written by us. */
const LARGEST_PART = 256 * 1024 * 1024;
const NEWLINE = 10;

type Entry = AsyncIterable<unknown> & { readonly header: Header };

class Fault extends Error {
  readonly fault: BackupFault;
  constructor(fault: BackupFault) {
    super(fault.kind);
    this.fault = fault;
  }
}

const contentOf = async (entry: Entry): Promise<Buffer> => {
  if (entry.header.size > LARGEST_PART) throw new Fault({ kind: "damaged", place: entry.header.name });
  const pieces: Buffer[] = [];
  for await (const piece of entry) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
};

const linesIn = (content: Buffer): number => {
  let lines = 0;
  for (let at = content.indexOf(NEWLINE); at >= 0; at = content.indexOf(NEWLINE, at + 1)) lines += 1;
  return lines;
};

interface Seen {
  rows: number;
  readonly hash: Hash;
}

/** The first table that is not what the manifest says, or that it does not name. */
const wrongTable = ({ tables }: BackupManifest, seen: ReadonlyMap<string, Seen>): string | null => {
  const known = new Set(tables.map(({ name }) => name));
  for (const { name, rows, sha256 } of tables) {
    const found = seen.get(name) ?? { rows: 0, hash: createHash("sha256") };
    if (found.rows !== rows || found.hash.digest("hex") !== sha256) return name;
  }
  return [...seen.keys()].find((name) => !known.has(name)) ?? null;
};

const checkMark = (name: string, content: Buffer): void => {
  const format = Number(content.toString("latin1"));
  if (name !== MARK || !Number.isInteger(format)) throw new Fault({ kind: "foreign" });
  if (format > FORMAT) throw new Fault({ kind: "newer-format", format });
};

type Take = Parameters<BackupFiles["read"]>[1];

/** Goes through the entries of the archive; resolves to its manifest once everything agrees with it. */
const walk = async (entries: AsyncIterable<Entry>, take: Take, started: () => void): Promise<BackupManifest> => {
  const seen = new Map<string, Seen>();
  let manifest: BackupManifest | null = null;
  let first = true;
  for await (const entry of entries) {
    const { name } = entry.header;
    const content = await contentOf(entry);
    const table = tableOfPart(name);
    if (first) {
      checkMark(name, content);
      started();
    } else if (name === MANIFEST) manifest = readManifest(content.toString("utf8"));
    else if (table !== null) {
      const known = seen.get(table) ?? { rows: 0, hash: createHash("sha256") };
      seen.set(table, known);
      const rows = linesIn(content);
      known.rows += rows;
      known.hash.update(content);
      await take({ table, rows, json: `[${content.toString("utf8").trimEnd().replaceAll("\n", ",")}]` });
    }
    first = false;
  }
  if (first) throw new Fault({ kind: "foreign" });
  if (!manifest) throw new Fault({ kind: "incomplete" });
  const place = wrongTable(manifest, seen);
  if (place !== null) throw new Fault({ kind: "damaged", place });
  return manifest;
};

/** What a file that breaks off, or does not read, is. `begun`: its first part was ours. */
const faultOf = (error: unknown, begun: boolean): BackupFault | null => {
  if (error instanceof Fault) return error.fault;
  const { code = "", message = "" } = error as { code?: string; message?: string };
  if (/^(ENOENT|ENOTDIR|EACCES|EPERM|EISDIR|EIO)$/.test(code)) return { kind: "unreadable", why: code };
  if (code === "Z_BUF_ERROR" || message === "Unexpected end of data") return { kind: begun ? "incomplete" : "foreign" };
  if (code.startsWith("Z_") || message.startsWith("Invalid tar header"))
    return begun ? { kind: "damaged", place: null } : { kind: "foreign" };
  return null;
};

/** Reads a backup in constant memory, and proves every part of it against its manifest, which comes last. */
export const readBackup: BackupFiles["read"] = async (path, take, progress) => {
  let begun = false;
  const stop = new AbortController();
  try {
    const { size } = await stat(path);
    let bytes = 0;
    const counting = new Transform({
      transform(chunk: Buffer, _, done) {
        bytes += chunk.length;
        progress(bytes, size);
        done(null, chunk);
      },
    });
    const tar = extract();
    const flown = pipeline(createReadStream(path), counting, createGunzip(), tar as unknown as Writable, {
      signal: stop.signal,
    });
    flown.catch(() => {});
    const manifest = await walk(tar, take, () => {
      begun = true;
    });
    await flown;
    return { manifest };
  } catch (error) {
    const fault = faultOf(error, begun);
    if (fault) return { fault };
    throw error;
  } finally {
    stop.abort();
  }
};
