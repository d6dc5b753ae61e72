import { createRequire } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";

/** Compiled, plain Node runs everything; still TypeScript, tsx is needed. */
const source = import.meta.url.endsWith(".ts");

export const engineThread = new URL(source ? "./engine-thread.mjs" : "./engine-thread.js", import.meta.url);

/**
 * It ends long before it would gain from WebAssembly compiled a second time, and well; to do without takes a third off a
 * first start.
 */
const COMPILED_ONCE = "--liftoff-only";

/** The program that makes a cluster, and what Node needs before it. */
export const createClusterProgram = (): { readonly file: string; readonly options: string[] } => {
  const file = fileURLToPath(new URL(source ? "./create-cluster.ts" : "./create-cluster.js", import.meta.url));
  const tsx = () => pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
  return { file, options: [COMPILED_ONCE, ...(source ? ["--import", tsx()] : [])] };
};
