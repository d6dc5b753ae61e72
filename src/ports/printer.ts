/** What stands on one page that lets people in, in words already. */
export interface JoinPage {
  readonly unit: string;
  /** What the code makes of whoever brings it. */
  readonly lead: string;
  /** What the square leads to. */
  readonly link: string;
  /** The code in its groups. */
  readonly code: string;
  /** Three of them, each with its picture. */
  readonly steps: readonly string[];
  /** Until when it is good, and what else is to be known: a line each. */
  readonly notes: readonly string[];
}

/** Draws what is printed, or shown to a camera. */
export interface Printer {
  /** A square for the screen of a terminal, a line each. */
  qrLines(text: string): Promise<readonly string[]>;
  qrPicture(kind: "png" | "svg", text: string): Promise<Uint8Array>;
  /** A PDF, a page each, A4. `locale` is the language it is in, as a BCP 47 tag. */
  joinSheet(title: string, locale: string, pages: readonly JoinPage[]): AsyncIterable<Uint8Array>;
}
