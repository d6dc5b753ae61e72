import type { Phrase } from "../dialogue/phrase.ts";
import type { Clock } from "../ports/clock.ts";
import type { Ledger } from "../ports/ledger.ts";
import type { Cell } from "../ports/sheet.ts";
import type { ExportStore, Extent, Stretch } from "../ports/store/export-store.ts";
import type { LedgerStore } from "../ports/store/ledger-store.ts";

export interface ExportParts {
  readonly exports: ExportStore;
  readonly ledgerStore: Pick<LedgerStore, "entries" | "heads" | "lastHead" | "waiting">;
  readonly ledger: Pick<Ledger, "readEntry" | "publicKey">;
  readonly clock: Clock;
  /** IANA; in which times are told. */
  readonly zone: string;
}

export interface ExportRequest {
  /** Null: all notices. */
  readonly number: string | null;
  /** Only this unit and all below it; null: everything. */
  readonly under: string | null;
  /** How many rows are held at once. */
  readonly pageSize: number;
  /** Words of the reader's language. */
  readonly say: (words: Phrase) => string;
}

/** What leaves, before it has a header and a format. */
export interface Leaving {
  readonly kind: "table";
  readonly columns: readonly string[];
  /** How many rows of the database go into it. */
  readonly total: number;
  readonly pages: AsyncIterable<readonly (readonly Cell[])[]>;
}

export type ExportResult = Leaving | { readonly kind: "unknown-unit" } | { readonly kind: "unknown-notice" };

/** Reads from the first row to the last that there was at the beginning, each stretch by itself. */
export async function* stretches<Row extends { readonly key: bigint }>(
  { upTo }: Extent,
  { under, pageSize }: ExportRequest,
  read: (stretch: Stretch) => Promise<readonly Row[]>,
): AsyncGenerator<readonly Row[], void> {
  let after = 0n;
  while (after < upTo) {
    const rows = await read({ after, upTo, limit: pageSize, under });
    if (rows.length > 0) yield rows;
    after = rows.length < pageSize ? upTo : (rows.at(-1)?.key ?? upTo);
  }
}
