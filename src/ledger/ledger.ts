import type { Ledger } from "../ports/ledger.ts";
import { entryBytes, readEntry } from "./entry-bytes.ts";
import { openHead, writeNoteKey } from "./head-note.ts";
import { readLedgerKey } from "./ledger-key.ts";
import { append, inclusionStretches, leafHash, rootOf } from "./merkle.ts";
import { entryMac, sealBatch } from "./seal-batch.ts";

/**
 * The ledger under LEDGER_KEY: an Ed25519 private key, PKCS#8 PEM or base64 DER. Throws when it cannot be used, naming
 * what is wrong and never the value.
 */
export const openLedger = (ledgerKey: string): Ledger => {
  const read = readLedgerKey(ledgerKey);
  if ("problem" in read) throw new Error(`LEDGER_KEY cannot be used: ${JSON.stringify(read.problem)}`);
  const { key } = read;
  return {
    publicKey: writeNoteKey(key.noteKey),
    entryBytes,
    readEntry,
    seal: sealBatch(key),
    leaf: leafHash,
    mac: (entry) => entryMac(key, entry),
    append,
    root: rootOf,
    readHead: (note) => openHead(note, key.noteKey),
    stretches: inclusionStretches,
  };
};
