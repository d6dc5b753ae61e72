import { randomUUID } from "node:crypto";
import type { EntryFacts } from "../domain/entry-facts.ts";
import type { EntryBytes } from "../ports/ledger.ts";
import { canonical, type Plain } from "./canonical.ts";
import { equal } from "./hash.ts";

const VERSION = "1";

/** An event as the bytes that are stored, hashed and signed, with a random id so that no two entries are ever equal. */
export const entryBytes: EntryBytes = ({ kind, at, actor, subject, contentHash, how }) =>
  canonical({
    v: VERSION,
    kind,
    id: randomUUID(),
    at: at.toISOString(),
    actor,
    subject: { ...subject },
    contentHash,
    how,
  });

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isEntry = (value: unknown): value is EntryFacts & { readonly v: string } =>
  isRecord(value) &&
  value.v === VERSION &&
  ["kind", "id", "at", "actor", "how"].every((field) => typeof value[field] === "string") &&
  (value.contentHash === null || typeof value.contentHash === "string") &&
  isRecord(value.subject) &&
  Object.values(value.subject).every((field) => typeof field === "string");

const parse = (body: Uint8Array): unknown => {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(body));
  } catch {
    return null;
  }
};

/** Null unless these are the canonical bytes of an entry, so that every reader reads the same in them. */
export const readEntry = (body: Uint8Array): EntryFacts | null => {
  const value = parse(body);
  return isEntry(value) && equal(canonical(value as unknown as Plain), body) ? value : null;
};
