/** A number is written as one; text stays text whatever it looks like. */
export type Cell = string | number | null;

/** A table on its way out. */
export interface Sheet {
  readonly name: string;
  readonly header: readonly string[];
  /** The rows, some hundred or thousand at a time; read once, from the first to the last. */
  readonly pages: AsyncIterable<readonly (readonly Cell[])[]>;
}

export const SHEET_FORMATS = ["csv", "xlsx"] as const;

export type SheetFormat = (typeof SHEET_FORMATS)[number];

/** Writes a table as the bytes of a file, in constant memory: it asks for rows no faster than the bytes are taken. */
export type WriteSheet = (format: SheetFormat, sheet: Sheet) => AsyncIterable<Uint8Array>;
