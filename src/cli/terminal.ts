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
  progress(progress: Progress | null): void;
  say(phrase: Phrase): string;
  /** Columns that a line may take. */
  readonly width: number;
}
