import type { BackupFault, BackupManifest, MigrationMark } from "../domain/backup.ts";
import { schemaFit } from "../domain/backup.ts";
import type { Verdict } from "../domain/verdict.ts";
import type { BackupFiles, Building, FoundTable } from "../ports/backup.ts";
import type { Clock } from "../ports/clock.ts";
import type { Keys } from "../ports/keys.ts";
import type { Ledger, LedgerEvent } from "../ports/ledger.ts";
import type { HeldStore } from "../ports/store/held-store.ts";
import type { KeyStore } from "../ports/store/key-store.ts";
import type { LedgerStore } from "../ports/store/ledger-store.ts";
import { checkKeys } from "./check-keys.ts";
import { seal } from "./seal.ts";
import { verify } from "./verify.ts";

/** A schema under construction, and what is remembered in it once it is complete. */
export interface Site extends Building {
  readonly keyStore: KeyStore;
  readonly ledgerStore: LedgerStore;
  readonly held: HeldStore;
  readonly clock: Clock;
}

export interface RestoreParts {
  readonly files: Pick<BackupFiles, "read">;
  readonly keys: Keys;
  readonly ledger: Ledger;
  /** The migrations of this build. */
  readonly migrations: readonly MigrationMark[];
  /** Opens the database only now. Nothing of what `work` does stays unless it keeps it. */
  readonly rebuild: <Done>(work: (site: Site) => Promise<Done>) => Promise<Done>;
}

export type RestoreRefusal =
  | { readonly kind: "file"; readonly fault: BackupFault }
  /** Written by a release that this one does not know, or by one whose schema is not how ours began. */
  | { readonly kind: "newer" | "changed"; readonly version: string }
  | { readonly kind: "wrong-secret" }
  | { readonly kind: "wrong-ledger" }
  | { readonly kind: "not-empty"; readonly found: readonly FoundTable[] }
  | { readonly kind: "unproven"; readonly verdict: Exclude<Verdict, { kind: "proven" }> };

export interface Restored {
  readonly kind: "restored";
  readonly manifest: BackupManifest;
  readonly verdict: Extract<Verdict, { kind: "proven" }>;
  /** Messages that wait for an operator. */
  readonly held: number;
}

/** What is under way, and how far: bytes of the file, or entries of the ledger of which nobody knows how many. */
export type RestoreProgress = (phase: "checking" | "loading" | "verifying", done: number, of: number | null) => void;

const misfit = ({ keys, ledger, migrations }: RestoreParts, manifest: BackupManifest): RestoreRefusal | null => {
  const fit = schemaFit(manifest.migrations, migrations);
  if (fit !== "fits") return { kind: fit, version: manifest.version };
  if (!manifest.keys.secret.every(keys.knowsProbe)) return { kind: "wrong-secret" };
  return manifest.keys.ledger === ledger.publicKey ? null : { kind: "wrong-ledger" };
};

/** Every row of the file into the tables of its own time; null where that went well. */
const load = async (
  { files }: RestoreParts,
  site: Site,
  file: string,
  manifest: BackupManifest,
  progress: RestoreProgress,
): Promise<RestoreRefusal | null> => {
  await site.begin(manifest.migrations.map(({ name }) => name));
  const columns = new Map(manifest.tables.map((table) => [table.name, table.columns]));
  const damaged = (place: string | null) => ({ kind: "file", fault: { kind: "damaged", place } }) as const;
  let short: string | null = null;
  const read = await files.read(
    file,
    async ({ table, rows, json }) => {
      const known = columns.get(table);
      if (!known || (await site.load(table, known, json)) !== rows) short ??= table;
    },
    (bytes, of) => progress("loading", bytes, of),
  );
  if ("fault" in read) return { kind: "file", fault: read.fault };
  // Another file may have taken its place since it was checked.
  if (short !== null || JSON.stringify(read.manifest) !== JSON.stringify(manifest)) return damaged(short);
  await site.complete(manifest.sequences);
  return null;
};

const restoredEvent =
  ({ ledger }: RestoreParts, manifest: BackupManifest, now: Date) =>
  (held: number): LedgerEvent => {
    const head = manifest.head === null ? null : ledger.readHead(manifest.head);
    const root = head ? btoa(String.fromCharCode(...head.root)) : "";
    const subject = { taken: manifest.createdAt, entries: String(head?.size ?? 0), root, held: String(held) };
    return { kind: "restored", at: now, actor: "operator", subject, contentHash: null, how: "command" };
  };

const sealAll = async ({ ledger }: RestoreParts, { ledgerStore, clock }: Site): Promise<void> => {
  while ((await seal({ ledgerStore, ledger, clock })) > 0);
};

const settle = async (parts: RestoreParts, site: Site, manifest: BackupManifest, progress: RestoreProgress) => {
  const { keys, ledger } = parts;
  const { keyStore, ledgerStore, clock } = site;
  const now = clock.now();
  if ((await checkKeys({ keyStore, keys, ledger })).kind === "refused") return { kind: "wrong-secret" } as const;
  const held = await site.held.hold(now, restoredEvent(parts, manifest, now));
  await sealAll(parts, site);
  const verdict = await verify(
    { ledgerStore, ledger },
    { savedHead: manifest.head, progress: (entries) => progress("verifying", entries, null) },
  );
  if (verdict.kind !== "proven") return { kind: "unproven", verdict } as const;
  await site.keep();
  return { kind: "restored", manifest, verdict, held } as const;
};

/**
 * Brings a backup back into an empty installation, all of it or nothing: the file is proven whole before the database is
 * opened, and the ledger before anything stays. Nothing is sent: what the backup had not sent is held for an operator.
 */
export const restore = async (
  parts: RestoreParts,
  file: string,
  progress: RestoreProgress,
): Promise<Restored | RestoreRefusal> => {
  const checked = await parts.files.read(
    file,
    async () => {},
    (bytes, of) => progress("checking", bytes, of),
  );
  if ("fault" in checked) return { kind: "file", fault: checked.fault };
  const { manifest } = checked;
  const refused = misfit(parts, manifest);
  if (refused) return refused;
  return parts.rebuild(async (site): Promise<Restored | RestoreRefusal> => {
    const found = await site.found();
    if (found.length > 0) return { kind: "not-empty", found };
    return (await load(parts, site, file, manifest, progress)) ?? settle(parts, site, manifest, progress);
  });
};
