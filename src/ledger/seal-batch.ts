import { createHmac } from "node:crypto";
import type { Bytes, EntryRow, HeadRow, Ledger, Range } from "../ports/ledger.ts";
import { equal } from "./hash.ts";
import { headText, openHead, signNote } from "./head-note.ts";
import type { LedgerKey } from "./ledger-key.ts";
import { append, leafHash, rangeLength, rootOf } from "./merkle.ts";

/** HMAC over the entry's number, the number it waited under (eight bytes each, big-endian) and its leaf. */
export const entryMac = ({ macKey }: LedgerKey, { seq, id, leaf }: Pick<EntryRow, "seq" | "id" | "leaf">): Bytes => {
  const place = Buffer.alloc(16);
  place.writeBigInt64BE(seq, 0);
  place.writeBigInt64BE(id, 8);
  return createHmac("sha256", macKey).update(place).update(leaf).digest();
};

/** Whether a head is signed with this key, and its columns say what its note says. */
const holds = (key: LedgerKey, { size, root, range, note }: HeadRow): boolean => {
  const facts = openHead(note, key.noteKey);
  return (
    facts?.size === size && range.length === rangeLength(size) && equal(facts.root, root) && equal(rootOf(range), root)
  );
};

/** Numbers, hashes and signs what waited; a head that was tampered with is never signed over. */
export const sealBatch =
  (key: LedgerKey): Ledger["seal"] =>
  (last, waiting) => {
    if (last && !holds(key, last)) {
      throw new Error(
        `The ledger's head over ${last.size} entries was not signed with LEDGER_KEY: nothing is sealed after it.`,
      );
    }
    let size = last?.size ?? 0n;
    let range: Range = last?.range ?? [];
    const entries = waiting.map(({ id, body }): EntryRow => {
      const leaf = leafHash(body);
      const entry = { seq: size, id, body, leaf, mac: entryMac(key, { seq: size, id, leaf }) };
      range = append(range, size, leaf);
      size += 1n;
      return entry;
    });
    const root = rootOf(range);
    return {
      entries,
      head: { size, root, range, note: signNote(headText({ size, root }), key.noteKey, key.privateKey) },
    };
  };
