import type { Bytes, EntryProof, Range } from "../ports/ledger.ts";
import type { ProveParts } from "./prove-entries.ts";

const PAGE = 10_000;

const base64 = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes));

/** The root of the entries `from` up to but without `to`, read in pages. */
const rootOf = async ({ ledgerStore, ledger }: ProveParts, from: bigint, to: bigint): Promise<Bytes> => {
  let range: Range = [];
  let size = 0n;
  while (from + size < to) {
    const leaves = await ledgerStore.leaves(from + size, to, PAGE);
    if (leaves.length === 0) throw new Error(`The ledger lacks entry ${from + size}.`);
    for (const leaf of leaves) {
      range = ledger.append(range, size, leaf);
      size += 1n;
    }
  }
  return ledger.root(range);
};

/** The proof that entry `seq` stands in the ledger, to be checked anywhere without us; null while there is no such entry. */
export const makeProof = async (parts: ProveParts, seq: bigint): Promise<EntryProof | null> => {
  const head = await parts.ledgerStore.lastHead();
  if (!head || seq < 0n || seq >= head.size) return null;
  const [entry] = await parts.ledgerStore.entries(seq - 1n, 1);
  if (entry?.seq !== seq) return null;
  const path: string[] = [];
  for (const [from, to] of parts.ledger.stretches(seq, head.size)) path.push(base64(await rootOf(parts, from, to)));
  return {
    v: "1",
    entry: base64(entry.body),
    seq: String(seq),
    size: String(head.size),
    path,
    note: head.note,
    publicKey: parts.ledger.publicKey,
  };
};
