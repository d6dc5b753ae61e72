import { type Entry, fromBufferPromise, type ZipFile } from "yauzl";

/** Why a ZIP is not handed to the reader of workbooks. */
export type ArchiveFault = "spreadsheet-too-much" | "spreadsheet-locked" | "spreadsheet-other" | "spreadsheet-broken";

const MOST_ENTRIES = 200;
const MOST_INFLATED_BYTES = 50 * 1024 * 1024;
const WORKBOOK = "xl/workbook.xml";

/** How many bytes an entry inflates to; more than `most` are not waited for. */
const inflatedBytes = async (archive: ZipFile, entry: Entry, most: number): Promise<number> => {
  let bytes = 0;
  for await (const chunk of await archive.openReadStreamPromise(entry)) {
    bytes += (chunk as Uint8Array).length;
    if (bytes > most) break;
  }
  return bytes;
};

/** The names of its entries; everything is inflated, counted and thrown away. */
const weigh = async (archive: ZipFile): Promise<ReadonlySet<string> | ArchiveFault> => {
  const names = new Set<string>();
  let left = MOST_INFLATED_BYTES;
  for await (const entry of archive.eachEntry()) {
    if (entry.isEncrypted()) return "spreadsheet-locked";
    if (names.has(entry.fileName)) return "spreadsheet-broken";
    if (names.size === MOST_ENTRIES || entry.uncompressedSize > left) return "spreadsheet-too-much";
    names.add(entry.fileName);
    left -= await inflatedBytes(archive, entry, left);
    if (left < 0) return "spreadsheet-too-much";
  }
  return names;
};

/**
 * Looks through a ZIP before anything parses it (`security.md` §2.6): few entries, little when inflated, no name twice or
 * leading out of the archive, and a workbook of XLSX inside. Null when nothing is wrong.
 */
export const scanArchive = async (bytes: Buffer): Promise<ArchiveFault | null> => {
  try {
    const archive = await fromBufferPromise(bytes);
    if (archive.entryCount > MOST_ENTRIES) return "spreadsheet-too-much";
    const weighed = await weigh(archive);
    if (typeof weighed === "string") return weighed;
    return weighed.has(WORKBOOK) ? null : "spreadsheet-other";
  } catch {
    // Cut off, altered, or sizes and names that are not true.
    return "spreadsheet-broken";
  }
};
