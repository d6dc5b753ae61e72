import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { fromBuffer } from "yauzl";

/** Everything that a writer gives. */
export const bytesOf = async (chunks: AsyncIterable<Uint8Array>): Promise<Buffer> => {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return Buffer.concat(parts);
};

/** The parts of a ZIP by their names. */
export const unzip = (bytes: Buffer): Promise<ReadonlyMap<string, string>> =>
  new Promise((resolve, reject) => {
    const parts = new Map<string, string>();
    fromBuffer(bytes, { lazyEntries: true }, (error, zip) => {
      if (error) return reject(error);
      zip.on("entry", (entry) =>
        zip.openReadStream(entry, async (wrong, stream) => {
          if (wrong) return reject(wrong);
          parts.set(entry.fileName, (await buffer(Readable.from(stream))).toString("utf8"));
          zip.readEntry();
        }),
      );
      zip.on("end", () => resolve(parts)).on("error", reject);
      zip.readEntry();
    });
  });
