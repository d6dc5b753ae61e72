import type { Printer } from "../ports/printer.ts";

/** What draws is loaded when something is to be drawn. */
export const printer: Printer = {
  qrLines: async (text) => (await import("./qr.ts")).qrLines(text),
  qrPicture: async (kind, text) => (await import("./qr.ts")).qrPicture(kind, text),
  async *joinSheet(title, locale, pages) {
    const { joinSheet } = await import("./join-sheet.ts");
    yield* joinSheet(title, locale, pages);
  },
};
