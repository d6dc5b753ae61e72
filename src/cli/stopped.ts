/** The exit codes that a shell gives a process ended by these: 128 and the signal's number. */
export const EXIT_CODES = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/** Whoever asked for a command wants no more of it. Thrown at a safe point: where the command tells how far it is. */
export class Stopped extends Error {
  readonly code: number;
  constructor(code: number = EXIT_CODES.SIGINT) {
    super("stopped");
    this.code = code;
  }
}
