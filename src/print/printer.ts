import type { Printer } from "../ports/printer.ts";
import { joinSheet } from "./join-sheet.ts";
import { qrLines, qrPicture } from "./qr.ts";

export const printer: Printer = { qrLines, qrPicture, joinSheet };
