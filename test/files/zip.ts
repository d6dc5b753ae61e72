import { crc32, deflateRawSync } from "node:zlib";

export interface ZipEntry {
  readonly name: string;
  readonly data: Uint8Array;
  /** What the archive says that it inflates to, where that is not true. */
  readonly claimed?: number;
  readonly encrypted?: boolean;
}

const numbers = (...fields: readonly (readonly [bytes: 2 | 4, value: number])[]): Buffer =>
  Buffer.concat(
    fields.map(([bytes, value]) => {
      const field = Buffer.alloc(bytes);
      field.writeUIntLE(value, 0, bytes);
      return field;
    }),
  );

/** A ZIP archive as no honest program would write it. */
export const zip = (entries: readonly ZipEntry[]): Buffer => {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const { name, data, claimed = data.length, encrypted = false } of entries) {
    const [title, packed] = [Buffer.from(name), deflateRawSync(data)];
    const common = numbers(
      [2, 20],
      [2, encrypted ? 1 : 0],
      [2, 8],
      [4, 0],
      [4, crc32(data)],
      [4, packed.length],
      [4, claimed],
      [2, title.length],
      [2, 0],
    );
    const local = Buffer.concat([Buffer.from("PK\x03\x04", "latin1"), common, title, packed]);
    directory.push(
      Buffer.concat([
        Buffer.from("PK\x01\x02", "latin1"),
        numbers([2, 20]),
        common,
        numbers([2, 0], [2, 0], [2, 0], [4, 0], [4, at]),
        title,
      ]),
    );
    parts.push(local);
    at += local.length;
  }
  const central = Buffer.concat(directory);
  const end = numbers([2, 0], [2, 0], [2, entries.length], [2, entries.length], [4, central.length], [4, at], [2, 0]);
  return Buffer.concat([...parts, central, Buffer.from("PK\x05\x06", "latin1"), end]);
};
