import { createHash } from "node:crypto";
import { createWriteStream, existsSync } from "node:fs";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { pack as newPack, type Pack } from "tar-stream";
import type { BackupTable } from "../domain/backup.ts";
import type { BackupFiles, SnapshotTable, TextRow } from "../ports/backup.ts";
import { FORMAT, MANIFEST, MARK, partName } from "./backup-format.ts";
import { type WholeFile, wholeFile } from "./whole-file.ts";

/** Characters of rows that are put into the file at once. */
const PART = 1_000_000;

const add = (pack: Pack, name: string, content: string | Buffer): Promise<void> =>
  new Promise((resolve, reject) => {
    pack.entry({ name, mode: 0o600 }, content, (error) => (error ? reject(error) : resolve()));
  });

/** A page of rows as parts that are not much longer than `PART`. */
function* partsOf(page: readonly TextRow[]): Generator<Buffer> {
  let lines = "";
  for (const row of page) {
    lines += `${JSON.stringify(row)}\n`;
    if (lines.length < PART) continue;
    yield Buffer.from(lines);
    lines = "";
  }
  if (lines !== "") yield Buffer.from(lines);
}

const addTable = async (pack: Pack, table: SnapshotTable, wrote: (rows: number) => void): Promise<BackupTable> => {
  const hash = createHash("sha256");
  let rows = 0;
  let part = 0;
  for await (const page of table.pages()) {
    for (const content of partsOf(page)) {
      hash.update(content);
      await add(pack, partName(table.name, ++part), content);
    }
    rows += page.length;
    wrote(page.length);
  }
  if (rows !== table.rows) throw new Error(`Of ${table.name} ${rows} rows came instead of ${table.rows}.`);
  return { name: table.name, columns: table.columns, rows, sha256: hash.digest("hex") };
};

type Write = Parameters<BackupFiles["write"]>;

const fill = async (pack: Pack, facts: Write[1], tables: Write[2], progress: Write[3]["progress"]): Promise<void> => {
  let rows = 0;
  const wrote = (more: number): void => {
    rows += more;
    progress(rows);
  };
  await add(pack, MARK, `${FORMAT}\n`);
  const written: BackupTable[] = [];
  for (const table of tables) written.push(await addTable(pack, table, wrote));
  await add(pack, MANIFEST, `${JSON.stringify({ ...facts, tables: written }, null, 2)}\n`);
  pack.finalize();
};

const stream = async (file: WholeFile, [, facts, tables, { progress }]: Write): Promise<number> => {
  const pack = newPack();
  const flown = pipeline(
    pack as unknown as Readable,
    createGzip(),
    createWriteStream("", { fd: file.handle.fd, autoClose: false }),
  );
  // A disk that is full ends the pipe, and nobody would take what is still to come.
  await Promise.race([fill(pack, facts, tables, progress), flown]).catch(async (error) => {
    pack.destroy();
    await flown.catch(() => {});
    throw error;
  });
  await flown;
  const { size } = await file.handle.stat();
  await file.keep();
  return size;
};

const codeOf = (error: unknown): string | null => (error as { code?: string } | null)?.code ?? null;
/** What a file system refuses with; anything else has another cause than the file. */
const ofTheDisk = (code: string | null): code is string =>
  code !== null &&
  /^(ENOENT|ENOTDIR|EACCES|EPERM|EROFS|ENOSPC|EDQUOT|EFBIG|EISDIR|EIO|ENAMETOOLONG|EEXIST)$/.test(code);

/** Writes a backup in constant memory; nothing stands under its name before all of it is on the disk. */
export const writeBackup: BackupFiles["write"] = async (...write) => {
  const [path, , , { force }] = write;
  if (!force && existsSync(path)) return { fault: "exists" };
  let file: WholeFile | null = null;
  try {
    file = await wholeFile(path);
    return { bytes: await stream(file, write) };
  } catch (error) {
    await file?.leave();
    const why = codeOf(error);
    if (ofTheDisk(why)) return { fault: "unwritable", why };
    throw error;
  }
};
