import type { BackupColumn, BackupFault, BackupManifest, MigrationMark, SequenceMark } from "../domain/backup.ts";

/** A row in the order of its table's columns, each value as the database writes it. */
export type TextRow = readonly (string | null)[];

export interface SnapshotTable {
  readonly name: string;
  readonly columns: readonly BackupColumn[];
  readonly rows: number;
  /** Some rows at a time, once. */
  pages(): AsyncIterable<readonly TextRow[]>;
}

/** Everything worth keeping, as it was at one moment. */
export interface Snapshot {
  readonly database: BackupManifest["database"];
  readonly migrations: readonly MigrationMark[];
  readonly sequences: readonly SequenceMark[];
  readonly tables: readonly SnapshotTable[];
}

/** Shows the database as it is at this moment, however long `work` takes; the service goes on meanwhile. */
export type TakeSnapshot = <Done>(work: (snapshot: Snapshot) => Promise<Done>) => Promise<Done>;

/** Some rows of one table, as they stand in the file. */
export interface BackupRows {
  readonly table: string;
  readonly rows: number;
  /** A JSON list of rows, each a list of texts and nulls. */
  readonly json: string;
}

/** The file that a backup is. */
export interface BackupFiles {
  /** Writes it whole or not at all, for its owner's eyes only. `progress` is told how many rows were written. */
  write(
    path: string,
    facts: Omit<BackupManifest, "tables">,
    tables: readonly SnapshotTable[],
    options: { readonly force: boolean; readonly progress: (rows: number) => void },
  ): Promise<
    { readonly bytes: number } | { readonly fault: "exists" } | { readonly fault: "unwritable"; readonly why: string }
  >;
  /** Reads all of it and checks every count and hash. `progress` is told how many of its bytes were read, and of how many. */
  read(
    path: string,
    take: (part: BackupRows) => Promise<void>,
    progress: (bytes: number, of: number) => void,
  ): Promise<{ readonly manifest: BackupManifest } | { readonly fault: BackupFault }>;
}

/** What stands in a database already. */
export interface FoundTable {
  readonly table: string;
  readonly rows: number;
}

/** A schema that is being built anew within one transaction. Nothing of it stays unless `keep` is called. */
export interface Building {
  /** What a restore would destroy; nobody can add to it any more. */
  found(): Promise<readonly FoundTable[]>;
  /** Makes the empty schema as it was after these migrations, in place of whatever empty one there is. */
  begin(migrations: readonly string[]): Promise<void>;
  /** Adds rows to a table; throws where they do not fit it. Returns how many. */
  load(table: string, columns: readonly BackupColumn[], json: string): Promise<number>;
  /** Ties the tables together again, starts the sequences well after where they had come, and brings the schema up to this build's. */
  complete(sequences: readonly SequenceMark[]): Promise<void>;
  keep(): Promise<void>;
}
