import { Worker } from "node:worker_threads";
import type { ArchiveFault } from "./xlsx-scan.ts";
import type { SheetRows } from "./xlsx-sheet.ts";

/** What the thread answers. `single`: the workbook has but one sheet. */
export type WorkbookAnswer =
  | { readonly sheets: readonly SheetRows[]; readonly single: boolean }
  | { readonly fault: ArchiveFault };

const MOST_HEAP_MB = 512;
const LONGEST_MS = 60_000;

/** Compiled, plain Node runs it; still TypeScript, tsx is needed. */
const thread = new URL(import.meta.url.endsWith(".ts") ? "./xlsx-thread.mjs" : "./xlsx-thread.js", import.meta.url);

/** Parses a workbook in a thread of its own, which may take only so much memory and time. */
export const readWorkbook = (bytes: Uint8Array): Promise<WorkbookAnswer> =>
  new Promise((resolve) => {
    const worker = new Worker(thread, {
      workerData: bytes,
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: MOST_HEAP_MB },
    });
    const end = (answer: WorkbookAnswer): void => {
      clearTimeout(timer);
      resolve(answer);
      void worker.terminate();
    };
    const timer = setTimeout(() => end({ fault: "spreadsheet-too-much" }), LONGEST_MS);
    worker.once("message", (answer: WorkbookAnswer) => end(answer));
    // It ran out of memory.
    worker.once("error", () => end({ fault: "spreadsheet-too-much" }));
    worker.once("exit", () => end({ fault: "spreadsheet-too-much" }));
  });
