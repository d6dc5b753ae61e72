import { join } from "node:path";

/** Where whoever needs a database asks for it: the address of what a run shares, in the environment of its processes. */
export const BROKER = "CHUANDA_TEST_BROKER";

/** What the run shares, with a number that nobody else gets. */
export const ask = async <T>(what: string): Promise<T & { readonly number: number }> => {
  const response = await fetch(`${process.env[BROKER]}/${what}`);
  if (!response.ok) throw new Error(await response.text());
  return response.json() as Promise<T & { readonly number: number }>;
};

/** A module of the source or of the tests as it is when compiled, by its path in the repository: `src/main.ts`. */
export const compiled = async (path: string): Promise<string> =>
  join((await ask<{ folder: string }>("program")).folder, path.replace(/\.ts$/, ".js"));
