import type { Phrase } from "../dialogue/phrase.ts";

/** How far long work has come. `total` is null while nobody knows. */
export interface Progress {
  readonly phase: Phrase;
  readonly done: number;
  readonly total: number | null;
}

/** What a command speaks to: this terminal, or through the private socket the terminal of somebody else. */
export interface Terminal {
  /** One line on standard output. */
  out(line: string): void;
  /** One line on standard error. */
  err(line: string): void;
  /** Null when it is done. Throws `Stopped` where whoever asked wants no more: what was begun is to be taken back. */
  progress(progress: Progress | null): void;
  say(phrase: Phrase): string;
  /** Columns that a line may take. */
  readonly width: number;
}

/** A terminal that takes bytes, too. */
export interface Station extends Terminal {
  /** Bytes for standard output, or for the file that was named; resolves when there is room for more. Throws `Stopped`. */
  write(bytes: Uint8Array): Promise<void>;
}
