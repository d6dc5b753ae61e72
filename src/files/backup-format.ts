import { z } from "zod";
import type { BackupManifest } from "../domain/backup.ts";

/**
 * A backup is a tar file under gzip: first `chuanda-backup`, whose text is the number of the format; then the rows, some at
 * a time, as `tables/NAME/000001.jsonl` and so on, each row a JSON list in the order of the manifest's columns; at the end
 * `manifest.json`, without which the file is not whole. What is to be kept beside the database some day stands as `files/…`.
 */
export const FORMAT = 1;
export const MARK = "chuanda-backup";
export const MANIFEST = "manifest.json";

export const partName = (table: string, part: number): string =>
  `tables/${table}/${String(part).padStart(6, "0")}.jsonl`;

/** Null for the name of anything but rows. */
export const tableOfPart = (name: string): string | null =>
  /^tables\/([a-z][a-z0-9_]*)\/\d{6,}\.jsonl$/.exec(name)?.[1] ?? null;

const name = z.string().regex(/^[a-z_][a-z0-9_]*$/);
/** Types are put into SQL as they stand. */
const column = z.object({ name, type: z.string().regex(/^[a-z][a-z0-9 ]*(\(\d+(,\d+)?\))?[a-z ]*(\[\])?$/) });

const manifest = z.object({
  version: z.string(),
  createdAt: z.iso.datetime(),
  database: z.enum(["postgresql", "embedded"]),
  migrations: z.array(z.object({ name: z.string(), checksum: z.string() })),
  keys: z.object({ secret: z.array(z.string()), ledger: z.string() }),
  head: z.string().nullable(),
  sequences: z.array(z.object({ name, last: z.string().regex(/^\d{1,18}$/) })),
  tables: z.array(
    z.object({
      name,
      columns: z.array(column).min(1),
      rows: z.int().nonnegative(),
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
    }),
  ),
});

/** Null for what is no manifest of this format. */
export const readManifest = (text: string): BackupManifest | null => {
  try {
    return manifest.parse(JSON.parse(text));
  } catch {
    return null;
  }
};
