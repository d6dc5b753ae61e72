import { EXIT_CODES, Stopped } from "./stopped.ts";

/** A wish to end, which a command hears at its next safe point. */
export interface StopRequest {
  /** Throws `Stopped` once it was asked for. */
  check(): void;
  isAsked(): boolean;
  /** Asks, with the exit code that the command is to end with. Only the first time counts. */
  ask(code?: number): void;
  /** Told when it is asked for; at once where it has been. */
  onAsked(listener: () => void): void;
}

export const stopRequest = (): StopRequest => {
  let stopped: Stopped | null = null;
  const listeners: (() => void)[] = [];
  return {
    check: () => {
      if (stopped) throw stopped;
    },
    isAsked: () => stopped !== null,
    ask: (code) => {
      if (stopped) return;
      stopped = new Stopped(code);
      for (const listener of listeners) listener();
    },
    onAsked: (listener) => {
      if (stopped) listener();
      else listeners.push(listener);
    },
  };
};

/** A command that has no safe point for so long is cut off; the database takes back what it had begun. */
const CUT_OFF_MS = 3_000;

/** Ctrl-C and its like ask a command to stop; asked again, or not heard in time, the process ends at once. */
export const stopOnSignals = (stop: StopRequest): void => {
  for (const [signal, code] of Object.entries(EXIT_CODES) as [keyof typeof EXIT_CODES, number][])
    process.on(signal, () => {
      if (stop.isAsked()) process.exit(code);
      stop.ask(code);
      setTimeout(() => process.exit(code), CUT_OFF_MS).unref();
    });
};
