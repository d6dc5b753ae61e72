/** A migration by its name, and the SHA-256 of its file. */
export interface MigrationMark {
  readonly name: string;
  readonly checksum: string;
}

export interface BackupColumn {
  readonly name: string;
  /** As the database writes it, such as "timestamp(3) with time zone". */
  readonly type: string;
}

/** A table in a backup: what restores it, and how to know that all of it came back. */
export interface BackupTable {
  readonly name: string;
  readonly columns: readonly BackupColumn[];
  readonly rows: number;
  /** Of its rows as they stand in the file, hexadecimal. */
  readonly sha256: string;
}

/** How far a sequence had come. */
export interface SequenceMark {
  readonly name: string;
  /** Decimal. */
  readonly last: string;
}

/** What a backup says about itself. It names keys and holds none, nor anything that opens what they closed. */
export interface BackupManifest {
  /** The release that wrote it. */
  readonly version: string;
  /** Service time, ISO, UTC. */
  readonly createdAt: string;
  readonly database: "postgresql" | "embedded";
  readonly migrations: readonly MigrationMark[];
  readonly keys: {
    /** Probes of every SECRET_KEY that something in it may be closed under. */
    readonly secret: readonly string[];
    /** The ledger's public key. */
    readonly ledger: string;
  };
  /** The note of the ledger's last signed head; null while nothing was signed. */
  readonly head: string | null;
  readonly sequences: readonly SequenceMark[];
  readonly tables: readonly BackupTable[];
}

/** Why a file is no backup that can be used. `why` is the system's code. */
export type BackupFault =
  | { readonly kind: "unreadable"; readonly why: string }
  | { readonly kind: "foreign" }
  | { readonly kind: "newer-format"; readonly format: number }
  | { readonly kind: "incomplete" }
  /** `place` is the first part that is not what was written, or null where even that cannot be told. */
  | { readonly kind: "damaged"; readonly place: string | null };

/** Whether this build can bring a backup's schema up to its own: only if that is how its own began. */
export const schemaFit = (
  theirs: readonly MigrationMark[],
  ours: readonly MigrationMark[],
): "fits" | "newer" | "changed" => {
  const known = new Map(ours.map(({ name, checksum }) => [name, checksum]));
  if (theirs.some(({ name }) => !known.has(name))) return "newer";
  return theirs.every(({ name, checksum }) => known.get(name) === checksum) ? "fits" : "changed";
};
