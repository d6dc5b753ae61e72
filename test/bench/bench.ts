/** A line of a bench's table. The columns are the keys of the first row; a number is printed with its thousands apart. */
export type Row = Readonly<Record<string, string | number>>;

export interface Asked {
  /** Tells a person at the terminal what is going on. */
  readonly say: (line: string) => void;
  /** The largest size that is wanted, such as a number of recipients; sizes above it are left out. */
  readonly atMost: number;
}

/**
 * A file `NAME.bench.ts` exports one as `bench`. It may ask `test/setup/database.ts` for databases as a test does; the
 * PostgreSQL behind it writes as carefully as it comes.
 */
export interface Bench {
  /** A sentence or two above the table: what is measured, and against what. */
  readonly shows: string;
  /** The table; or a sentence that says why there is none on this machine. Rejects where what it measures is wrong. */
  run(asked: Asked): Promise<readonly Row[] | string>;
}

/** Milliseconds. */
export const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const from = performance.now();
  await work();
  return performance.now() - from;
};

/** The value below which this part of all values lies, such as 0.5 or 0.99. */
export const quantile = (values: readonly number[], part: number): number =>
  [...values].sort((one, other) => one - other)[Math.min(values.length - 1, Math.floor(values.length * part))] ??
  Number.NaN;

export const median = (values: readonly number[]): number => quantile(values, 0.5);
