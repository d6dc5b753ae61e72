import pino from "pino";
import type { Log } from "../ports/log.ts";
import { mask } from "./mask.ts";

interface Destination {
  write(line: string): unknown;
}

/** JSON lines on standard error. Everything passes a last filter, so that no error of a library can carry a secret out. */
export const openLog = (level: string, destination: Destination = process.stderr): Log => {
  const masked = { write: (line: string) => destination.write(mask(line)) };
  const logger = pino(
    {
      level,
      base: { pid: process.pid },
      messageKey: "event",
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: pino.stdSerializers.errWithCause },
    },
    masked,
  );
  const at =
    (name: "info" | "warn" | "error") =>
    (event: string, fields: Readonly<Record<string, unknown>> = {}): void =>
      logger[name](fields, event);
  return Object.assign(at("info"), { warn: at("warn"), error: at("error") });
};
