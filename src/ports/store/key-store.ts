import type { PersonId } from "../../domain/ids.ts";
import type { CellPlace, Indexed } from "../keys.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** A cell of a person's that can be found, and the index beside it. */
export interface IndexedCell {
  readonly what: Indexed;
  readonly place: CellPlace;
  /** The number of its row. */
  readonly row: bigint;
  readonly cell: Bytes;
  readonly index: Bytes;
}

/** A person's wrapped key, and everything of theirs that is found under the root key. */
export interface KeyRow {
  readonly person: PersonId;
  readonly uid: string;
  readonly wrapped: Bytes;
  readonly cells: readonly IndexedCell[];
}

/** What takes the place of something, if it is still what it was when it was read. */
export type KeyChange =
  | { readonly what: "key"; readonly row: bigint; readonly from: Bytes; readonly to: Bytes }
  | { readonly what: Indexed; readonly row: bigint; readonly from: Bytes; readonly to: Bytes };

/** What stands under SECRET_KEY itself, and how the installation knows its keys again. */
export interface KeyStore {
  /** What a key left behind when it was first used; null when it never was. */
  probe(of: "secret" | "ledger"): Promise<string | null>;
  /** Replaces a probe, or leaves the first one; whoever comes second changes nothing. */
  setProbe(of: "secret" | "ledger", from: string | null, to: string): Promise<void>;
  /** People after this one (null: from the first) who have a key, ascending. */
  keys(after: PersonId | null, limit: number): Promise<readonly KeyRow[]>;
  /** All in one transaction. */
  replace(changes: readonly KeyChange[]): Promise<void>;
}
