import type { EntryFacts } from "../domain/entry-facts.ts";
import type { EntryProof, HeadFacts } from "../ports/ledger.ts";
import { readEntry } from "./entry-bytes.ts";
import { fromBase64 } from "./hash.ts";
import { openHead, readNoteKey } from "./head-note.ts";
import { checkInclusion, leafHash } from "./merkle.ts";

/** What a proof proves, or the first thing that is wrong with it. Whose key it is, the reader must know from elsewhere. */
export type ProofVerdict =
  | {
      readonly kind: "included";
      readonly entry: EntryFacts;
      readonly seq: bigint;
      readonly size: bigint;
      readonly publicKey: string;
    }
  | { readonly kind: "unproven"; readonly why: "unreadable" | "signature" | "size" | "path" };

const TEXTS = ["entry", "seq", "size", "note", "publicKey"] as const;
const NUMBER = /^(0|[1-9]\d{0,18})$/;

const readProof = (text: string): EntryProof | null => {
  try {
    const value = JSON.parse(text);
    const whole =
      value?.v === "1" &&
      TEXTS.every((field) => typeof value[field] === "string") &&
      NUMBER.test(value.seq) &&
      Array.isArray(value.path) &&
      value.path.every((hash: unknown) => typeof hash === "string" && fromBase64(hash) !== null);
    return whole ? value : null;
  } catch {
    return null;
  }
};

/** What a head says that was kept elsewhere; null when it was not signed with the key of these words. */
export const checkHead = (note: string, publicKey: string): HeadFacts | null => {
  const key = readNoteKey(publicKey);
  return key && openHead(note, key);
};

/** Checks a proof made by `makeProof`, from its text alone. */
export const checkProof = (text: string): ProofVerdict => {
  const proof = readProof(text);
  const body = proof && fromBase64(proof.entry);
  const entry = body && readEntry(body);
  if (!proof || !body || !entry) return { kind: "unproven", why: "unreadable" };
  const head = checkHead(proof.note, proof.publicKey);
  if (!head) return { kind: "unproven", why: "signature" };
  if (String(head.size) !== proof.size) return { kind: "unproven", why: "size" };
  const seq = BigInt(proof.seq);
  const path = proof.path.map((hash) => Buffer.from(hash, "base64"));
  return checkInclusion(leafHash(body), seq, head.size, path, head.root)
    ? { kind: "included", entry, seq, size: head.size, publicKey: proof.publicKey }
    : { kind: "unproven", why: "path" };
};
