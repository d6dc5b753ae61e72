import type { WriteSheet } from "../ports/sheet.ts";
import { csvSheet } from "./csv-sheet.ts";
import { xlsxSheet } from "./write-xlsx.ts";

export const writeSheet: WriteSheet = (format, sheet) => (format === "csv" ? csvSheet(sheet) : xlsxSheet(sheet));
