import { parentPort, workerData } from "node:worker_threads";
import { readXlsx } from "hucre/xlsx";
import { sheetRows } from "./xlsx-sheet.ts";
import type { WorkbookAnswer } from "./xlsx-workbook.ts";

/** Names by which a workbook tells which of its sheets are tables of ours. */
const TABLES: ReadonlySet<string> = new Set(["units", "people", "单位", "人员"]);

const isTable = (name: string): boolean => TABLES.has(name.trim().toLowerCase());

const read = async (bytes: Uint8Array): Promise<WorkbookAnswer> => {
  try {
    const names: string[] = [];
    // Nothing but the names is read of any sheet here.
    await readXlsx(bytes, { sheets: ({ name }) => names.push(name) < 0 });
    const tables = names.filter(isTable);
    const { sheets } = await readXlsx(bytes, { sheets: tables.length > 0 ? tables : [0] });
    return { sheets: sheets.map(sheetRows), single: names.length === 1 };
  } catch {
    return { fault: "spreadsheet-broken" };
  }
};

parentPort?.postMessage(await read(workerData as Uint8Array));
