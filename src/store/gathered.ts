interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/** One statement takes no more than this. */
const MOST = 200;

/**
 * Writes one by one what comes one by one, and together what comes while a write is under way: under load a commit carries
 * many. `write` returns a result for each in turn; when it fails for many, each is written alone, so that one that cannot be
 * written keeps no other from it.
 */
export const gathered = <Item, Result>(write: (items: readonly Item[]) => Promise<readonly Result[]>) => {
  let waiting: Waiting<Item, Result>[] = [];
  let writing = false;

  const writeAll = async (batch: readonly Waiting<Item, Result>[]): Promise<void> => {
    try {
      const results = await write(batch.map(({ item }) => item));
      for (const [at, { resolve }] of batch.entries()) resolve(results[at] as Result);
    } catch (error) {
      if (batch.length === 1) batch[0]?.reject(error);
      else for (const each of batch) await writeAll([each]);
    }
  };

  const flush = async (): Promise<void> => {
    writing = true;
    while (waiting.length > 0) {
      const batch = waiting.slice(0, MOST);
      waiting = waiting.slice(MOST);
      await writeAll(batch);
    }
    writing = false;
  };

  return (item: Item): Promise<Result> =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (!writing) void flush();
    });
};
