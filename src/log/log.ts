import pino from "pino";
import type { Log } from "../ports/log.ts";
import { maskLine } from "./mask.ts";

interface Destination {
  write(line: string): unknown;
}

interface Fault {
  readonly type: string;
  readonly message: string;
  readonly code?: unknown;
  readonly stack?: string;
  readonly cause?: Fault;
  readonly errors?: readonly Fault[];
}

/** An error as far as an operator needs it. What libraries hang on theirs (a connection, a request) stays out. */
const fault = (error: unknown, depth = 0): Fault => {
  if (!(error instanceof Error)) return { type: typeof error, message: String(error) };
  const { name, message, stack, cause } = error;
  const { code, errors } = error as { code?: unknown; errors?: unknown };
  const deeper = depth < 5;
  return {
    type: name,
    message,
    ...(code === undefined ? {} : { code }),
    ...(stack ? { stack } : {}),
    ...(cause !== undefined && deeper ? { cause: fault(cause, depth + 1) } : {}),
    ...(Array.isArray(errors) && deeper ? { errors: errors.map((one) => fault(one, depth + 1)) } : {}),
  };
};

/**
 * JSON lines on standard error. Everything passes a last filter, so that no error of a library can carry a secret out:
 * neither one of the `secrets` that this installation was given, nor what looks like one.
 */
export const openLog = (
  level: string,
  destination: Destination = process.stderr,
  secrets: readonly string[] = [],
): Log => {
  const masked = { write: (line: string) => destination.write(maskLine(line, secrets)) };
  const logger = pino(
    {
      level,
      base: { pid: process.pid },
      messageKey: "event",
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: (error: unknown) => fault(error) },
    },
    masked,
  );
  const at =
    (name: "info" | "warn" | "error") =>
    (event: string, fields: Readonly<Record<string, unknown>> = {}): void =>
      logger[name](fields, event);
  return Object.assign(at("info"), { warn: at("warn"), error: at("error") });
};
