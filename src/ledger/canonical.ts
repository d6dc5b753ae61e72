import serialize from "canonicalize";
import type { Bytes } from "../ports/ledger.ts";

/** Text, nothing, lists and records of these: what means the same to every JSON reader. */
export type Plain = string | null | readonly Plain[] | { readonly [field: string]: Plain };

const composed = (value: Plain): Plain => {
  if (typeof value === "string") return value.normalize("NFC");
  if (value === null) return null;
  if (Array.isArray(value)) return value.map(composed);
  return Object.fromEntries(Object.entries(value).map(([field, inner]) => [field, composed(inner)]));
};

/** The one way to write a value (RFC 8785, text in NFC). Throws on lone surrogates, which UTF-8 cannot carry. */
export const canonical = (value: Plain): Bytes => Buffer.from(serialize(composed(value)) ?? "", "utf8");
