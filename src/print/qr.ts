import QRCode from "qrcode";
import type { Printer } from "../ports/printer.ts";

/** A quarter of it may be dirty or torn. */
const LEVEL = "Q";

export const qrLines: Printer["qrLines"] = async (text) =>
  (await QRCode.toString(text, { type: "utf8", errorCorrectionLevel: "L" })).replace(/\n+$/u, "").split("\n");

export const qrPicture: Printer["qrPicture"] = async (kind, text) =>
  kind === "png"
    ? QRCode.toBuffer(text, { errorCorrectionLevel: LEVEL, scale: 12 })
    : new TextEncoder().encode(await QRCode.toString(text, { type: "svg", errorCorrectionLevel: LEVEL }));

/** The dark squares of a code, as places in a square of `size`. */
export const qrModules = (
  text: string,
): { readonly size: number; readonly dark: (row: number, column: number) => boolean } => {
  const { modules } = QRCode.create(text, { errorCorrectionLevel: LEVEL });
  return { size: modules.size, dark: (row, column) => modules.get(row, column) === 1 };
};
