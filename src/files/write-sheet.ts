import type { WriteSheet } from "../ports/sheet.ts";

/** What writes either format is loaded when it is asked for. */
export const writeSheet: WriteSheet = async function* (format, sheet) {
  if (format === "csv") yield* (await import("./csv-sheet.ts")).csvSheet(sheet);
  else yield* (await import("./write-xlsx.ts")).xlsxSheet(sheet);
};
