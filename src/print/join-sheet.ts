import { fileURLToPath } from "node:url";
import PDFDocument from "pdfkit";
import type { JoinPage, Printer } from "../ports/printer.ts";
import { qrModules } from "./qr.ts";
import { stepPictures } from "./step-pictures.ts";

/** Noto Sans SC, SIL Open Font License 1.1, cut down to the characters of GB 2312 and GBK; the PDF takes what it shows. */
const FONT = fileURLToPath(new URL("fonts/NotoSansSC-Regular.ttf", import.meta.url));

const MM = 72 / 25.4;
const INK = "#13201d";
const SOFT = "#43514c";
/** A4 with margins as on official paper; at the foot a small one, for words below a margin open a page by themselves. */
const PAGE = { width: 210 * MM, left: 28 * MM, right: 27 * MM };
const WIDTH = PAGE.width - PAGE.left - PAGE.right;
const QR_SIZE = 60 * MM;

type Pen = PDFKit.PDFDocument;

const centred = (pen: Pen, words: string, size: number, y: number, colour = INK): number => {
  pen
    .fontSize(size)
    .fillColor(colour)
    .text(words, PAGE.left, y, { width: WIDTH, align: "center", lineGap: size * 0.2 });
  return pen.y;
};

/** The largest size in which a unit's name takes at most two lines. */
const nameSize = (pen: Pen, name: string): number =>
  [28, 24, 20].find((size) => pen.fontSize(size).heightOfString(name, { width: WIDTH }) < size * 3.2) ?? 16;

const drawQr = (pen: Pen, text: string, y: number): void => {
  const { size, dark } = qrModules(text);
  const side = QR_SIZE / size;
  const left = (PAGE.width - QR_SIZE) / 2;
  for (let row = 0; row < size; row++)
    for (let column = 0; column < size; column++)
      // A hair more than its place, so that no printer leaves a gap.
      if (dark(row, column)) pen.rect(left + column * side, y + row * side, side + 0.05, side + 0.05);
  pen.fill(INK);
};

const drawSteps = (pen: Pen, steps: readonly string[], y: number): void => {
  const column = WIDTH / 3;
  for (const [at, words] of steps.entries()) {
    const x = PAGE.left + at * column;
    pen.lineWidth(2);
    stepPictures[at]?.(pen, x + column / 2 - 32, y);
    pen
      .fontSize(13)
      .fillColor(INK)
      .text(`${at + 1}. ${words}`, x + 6, y + 76, { width: column - 12, align: "center" });
  }
};

const drawPage = (pen: Pen, page: JoinPage): void => {
  let y = centred(pen, page.unit, nameSize(pen, page.unit), 26 * MM) + 6;
  y = centred(pen, page.lead, 16, y) + 14;
  drawQr(pen, page.link, y);
  y = centred(pen, page.code, 22, y + QR_SIZE + 14) + 2;
  y = centred(pen, page.link, 9.5, y, SOFT) + 22;
  drawSteps(pen, page.steps, y);
  y += 150;
  for (const note of page.notes) y = centred(pen, note, 13, y) + 3;
};

export const joinSheet: Printer["joinSheet"] = (title, locale, pages) => {
  const pen = new PDFDocument({
    size: "A4",
    margins: { top: 20 * MM, bottom: 8 * MM, left: PAGE.left, right: PAGE.right },
    autoFirstPage: false,
    lang: locale,
    tagged: true,
    displayTitle: true,
    info: { Title: title },
  });
  pen.font(FONT);
  for (const page of pages) {
    pen.addPage().font(FONT);
    drawPage(pen, page);
  }
  pen.end();
  return pen as unknown as AsyncIterable<Uint8Array>;
};
