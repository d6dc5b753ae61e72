import type { BackupFiles, Snapshot, TakeSnapshot } from "../ports/backup.ts";
import type { Clock } from "../ports/clock.ts";
import type { Keys } from "../ports/keys.ts";
import type { Ledger } from "../ports/ledger.ts";
import type { KeyStore } from "../ports/store/key-store.ts";
import type { LedgerStore } from "../ports/store/ledger-store.ts";

export interface BackUpParts {
  readonly takeSnapshot: TakeSnapshot;
  readonly files: Pick<BackupFiles, "write">;
  readonly keyStore: Pick<KeyStore, "probe">;
  readonly ledgerStore: Pick<LedgerStore, "lastHead">;
  readonly keys: Pick<Keys, "probe">;
  readonly ledger: Pick<Ledger, "publicKey">;
  readonly clock: Clock;
  /** Of this release. */
  readonly version: string;
}

export type BackUpResult =
  | {
      readonly kind: "written";
      readonly bytes: number;
      readonly createdAt: Date;
      readonly rows: Readonly<Record<string, number>>;
      /** The note of the ledger's last head, to keep elsewhere as well; null while nothing was signed. */
      readonly head: string | null;
    }
  | { readonly kind: "exists" }
  | { readonly kind: "unwritable"; readonly why: string };

interface Asked {
  readonly file: string;
  /** Whether a file of that name is replaced. */
  readonly force: boolean;
  readonly progress: (rows: number, of: number) => void;
}

const write = async (parts: BackUpParts, { file, force, progress }: Asked, snapshot: Snapshot, head: string | null) => {
  const { keyStore, keys, ledger, clock, files, version } = parts;
  const { tables, migrations, sequences, database } = snapshot;
  const createdAt = clock.now();
  // While SECRET_KEY is being replaced, some of it may still be closed under the old one.
  const secret = new Set([await keyStore.probe("secret"), keys.probe()].filter((probe) => probe !== null));
  const facts = {
    version,
    createdAt: createdAt.toISOString(),
    database,
    migrations,
    keys: { secret: [...secret], ledger: ledger.publicKey },
    head,
    sequences,
  };
  const total = tables.reduce((sum, { rows }) => sum + rows, 0);
  const written = await files.write(file, facts, tables, { force, progress: (rows) => progress(rows, total) });
  if ("fault" in written)
    return written.fault === "exists" ? { kind: written.fault } : { kind: written.fault, why: written.why };
  const rows = Object.fromEntries(tables.map((table) => [table.name, table.rows]));
  return { kind: "written", bytes: written.bytes, createdAt, rows, head } as const;
};

/** Writes everything into one file, as it stands at one moment, while the service goes on. */
export const backUp = async (parts: BackUpParts, asked: Asked): Promise<BackUpResult> => {
  // Read before the rest, so that what it speaks of is certainly among it.
  const head = (await parts.ledgerStore.lastHead())?.note ?? null;
  return parts.takeSnapshot((snapshot) => write(parts, asked, snapshot, head));
};
