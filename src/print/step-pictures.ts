type Pen = PDFKit.PDFDocument;

const INK = "#13201d";
const SOFT = "#0b6e5f";

/** A phone before a square. */
const scan = (pen: Pen, x: number, y: number): void => {
  pen.roundedRect(x + 14, y, 36, 62, 6).stroke(INK);
  pen
    .rect(x + 21, y + 12, 9, 9)
    .rect(x + 34, y + 12, 9, 9)
    .rect(x + 21, y + 25, 9, 9)
    .fill(INK);
  pen
    .rect(x + 34, y + 25, 4, 4)
    .rect(x + 39, y + 30, 4, 4)
    .fill(INK);
  pen
    .moveTo(x + 26, y + 54)
    .lineTo(x + 38, y + 54)
    .stroke(INK);
};

/** Two speech bubbles. */
const talk = (pen: Pen, x: number, y: number): void => {
  pen.roundedRect(x, y + 6, 44, 24, 7).stroke(INK);
  pen
    .moveTo(x + 9, y + 18)
    .lineTo(x + 35, y + 18)
    .stroke(INK);
  pen.roundedRect(x + 20, y + 36, 44, 24, 7).fillAndStroke("#e3f1ee", SOFT);
  pen
    .moveTo(x + 29, y + 48)
    .lineTo(x + 55, y + 48)
    .stroke(SOFT);
};

/** A tick in a ring. */
const done = (pen: Pen, x: number, y: number): void => {
  pen.circle(x + 32, y + 31, 27).stroke(SOFT);
  pen
    .lineWidth(5)
    .moveTo(x + 19, y + 32)
    .lineTo(x + 29, y + 43)
    .lineTo(x + 47, y + 20)
    .stroke(SOFT)
    .lineWidth(2);
};

/** The pictures of the three steps, each 64 points wide and high. */
export const stepPictures: readonly ((pen: Pen, x: number, y: number) => void)[] = [scan, talk, done];
