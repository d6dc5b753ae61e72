import type { Log } from "../../src/ports/log.ts";

export interface LogEntry {
  readonly level: "info" | "warn" | "error";
  readonly event: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** A log that keeps what it is told. */
export const testLog = (): Log & { readonly entries: readonly LogEntry[] } => {
  const entries: LogEntry[] = [];
  const at =
    (level: LogEntry["level"]) =>
    (event: string, fields: LogEntry["fields"] = {}) =>
      void entries.push({ level, event, fields });
  return Object.assign(at("info"), { warn: at("warn"), error: at("error"), entries });
};
