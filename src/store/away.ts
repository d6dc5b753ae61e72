/** How many errors within errors are looked at. */
const DEPTH = 6;

/** Everything by which an error, and those it was made of, say what happened: codes, kinds and sentences. */
const signs = (error: unknown, depth = DEPTH): readonly string[] => {
  if (depth === 0 || typeof error !== "object" || error === null) return [];
  const { code, kind, originalCode, message, cause, meta } = error as Readonly<Record<string, unknown>>;
  const { driverAdapterError } = (meta ?? {}) as { readonly driverAdapterError?: unknown };
  const own = [code, kind, originalCode, message].filter((sign) => typeof sign === "string");
  return [...own, ...signs(cause, depth - 1), ...signs(driverAdapterError, depth - 1)];
};

/**
 * SQLSTATE (PostgreSQL 15, appendix A): no connection, no resources left, a server that stops or gave up waiting, its
 * files unreadable, a standby or read-only database, a transaction that was left idle.
 */
const STATES = /^(08...|53...|57...|58...|25006|25P03)$/;
/** What the network, Prisma and its driver adapter call the same. */
const NAMES =
  /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EHOSTUNREACH|EAI_AGAIN|P1001|P1008|P1017|P2024|P2028|P2037|DatabaseNotReachable|ConnectionClosed|SocketTimeout|TooManyConnections)$/;
/** `pg` gives these no code. */
const SENTENCES =
  /Connection terminated|terminating connection|timeout exceeded when trying to connect|Query read timeout|not queryable/;

const CUT = /^(08...|57P0.|25P03|ECONNRESET|EPIPE|P1017|ConnectionClosed)$/;
const CUT_SENTENCES = /Connection terminated|terminating connection|not queryable/;
const CONFLICT = /^(40001|40P01|P2034|TransactionWriteConflict)$/;

/** Whether the database broke a transaction off because it and another one waited for each other. */
export const isConflict = (error: unknown): boolean => signs(error).some((sign) => CONFLICT.test(sign));

/** Whether the connection was lost under way. Whether what was asked was done, nobody knows. */
export const isCut = (error: unknown): boolean =>
  signs(error).some((sign) => CUT.test(sign) || CUT_SENTENCES.test(sign));

/** Whether the database is to blame and not what was asked of it: the same may well work later. */
export const isAway = (error: unknown): boolean =>
  signs(error).some(
    (sign) => STATES.test(sign) || NAMES.test(sign) || SENTENCES.test(sign) || CONFLICT.test(sign) || CUT.test(sign),
  );
