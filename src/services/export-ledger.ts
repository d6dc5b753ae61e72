import type { Bytes, EntryRow } from "../ports/ledger.ts";
import type { Cell } from "../ports/sheet.ts";
import type { ExportParts, ExportRequest, ExportResult } from "./export-parts.ts";

const COLUMNS = [
  ...["seq", "id", "kind", "at", "actor", "subject", "content_hash", "how"],
  ...["leaf", "entry", "head"],
];

const hex = (bytes: Bytes): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
const base64 = (bytes: Bytes): string => btoa(String.fromCharCode(...bytes));

const rowOf = ({ ledger }: ExportParts, { seq, body, leaf }: EntryRow, head: string | undefined): readonly Cell[] => {
  // Of an entry that was tampered with only its bytes are told.
  const entry = ledger.readEntry(body);
  return [
    ...[Number(seq), entry?.id ?? null, entry?.kind ?? null, entry?.at ?? null, entry?.actor ?? null],
    ...[entry && JSON.stringify(entry.subject), entry?.contentHash ?? null, entry?.how ?? null],
    ...[hex(leaf), base64(body), head ?? null],
  ];
};

async function* pagesOf(parts: ExportParts, size: bigint, limit: number) {
  const { ledgerStore } = parts;
  let after: bigint | null = null;
  for (;;) {
    const read: readonly EntryRow[] = await ledgerStore.entries(after, limit);
    const rows = read.filter(({ seq }) => seq < size);
    const [first, last] = [rows[0], rows.at(-1)];
    if (!first || !last) return;
    const heads = await ledgerStore.heads(first.seq, last.seq + 1n);
    const notes = new Map(heads.map((head) => [head.size - 1n, head.note]));
    yield rows.map((row) => rowOf(parts, row, notes.get(row.seq)));
    after = last.seq;
  }
}

/**
 * The ledger up to its last head when it begins: what each entry says, its leaf and its very bytes, and the signed heads
 * beside the last entry each of them covers. That is all that `src/ledger/README.md` asks for to check it without us.
 */
export const exportLedger = async (parts: ExportParts, { pageSize }: ExportRequest): Promise<ExportResult> => {
  const size = (await parts.ledgerStore.lastHead())?.size ?? 0n;
  return { kind: "table", columns: COLUMNS, total: Number(size), pages: pagesOf(parts, size, pageSize) };
};
