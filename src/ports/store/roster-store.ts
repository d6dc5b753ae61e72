import type { PersonUid } from "../../domain/ids.ts";
import type { PostName } from "../../domain/post.ts";
import type { RosterPost } from "../../domain/roster-person.ts";
import type { StoredUnit } from "../../domain/roster-tree.ts";
import type { LedgerEvent } from "../ledger.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** A cell that can be found, and the index beside it. */
export interface FoundCell {
  readonly cell: Bytes;
  readonly index: Bytes;
}

/** By what a row of the file may be somebody on record: each value under every key there is. */
export interface Sought extends RosterPost {
  readonly name: readonly Bytes[];
  readonly phone: readonly Bytes[];
  readonly accounts: readonly { readonly platform: string; readonly address: readonly Bytes[] }[];
}

/** Somebody on record who may be meant. `by` is the column that says so; `name` says it only together with the office. */
export interface Match {
  /** Which of those sought, from 0. */
  readonly row: number;
  readonly by: string;
  readonly uid: PersonUid;
}

/** A person on record, closed. */
export interface StoredPerson {
  readonly uid: PersonUid;
  readonly wrapped: Bytes;
  readonly locale: string | null;
  readonly nameCell: Bytes;
  readonly phoneCell: Bytes | null;
  readonly accounts: readonly { readonly platform: string; readonly index: Bytes }[];
  readonly posts: readonly { readonly unit: string; readonly post: PostName; readonly deputy: boolean }[];
}

/** One thing that an import changes. A null in `person` leaves what is stored. */
export type RosterChange =
  /** Added, or changed in any way. */
  | { readonly kind: "unit"; readonly unit: StoredUnit }
  /** Only elsewhere in the numbering of the tree. */
  | ({ readonly kind: "place" } & Pick<StoredUnit, "code" | "lft" | "rgt" | "depth">)
  | {
      readonly kind: "newcomer";
      readonly uid: PersonUid;
      readonly wrapped: Bytes;
      readonly locale: string | null;
      readonly name: FoundCell;
      readonly phone: FoundCell | null;
    }
  | {
      readonly kind: "person";
      readonly uid: PersonUid;
      readonly locale: string | null;
      readonly name: FoundCell | null;
      readonly phone: FoundCell | null;
    }
  | { readonly kind: "account"; readonly uid: PersonUid; readonly platform: string; readonly address: FoundCell }
  | ({ readonly kind: "post"; readonly uid: PersonUid } & RosterPost);

/** An import's hold on the roster: nobody else imports until it ends, or until its lease does (real time). */
export type ImportId = bigint & { readonly __id: "import" };

/** An obligation that is excused because its unit was closed. */
export interface ExcusedObligation {
  readonly notice: string;
  readonly obligation: string;
  readonly unit: string;
}

export interface RosterStore {
  /** Takes hold, also of what an import left whose lease has ended. Null while another one has it. */
  begin(times: { readonly real: Date; readonly leaseUntil: Date }): Promise<ImportId | null>;
  /** False when another import took over: then nothing may be staged or applied any more. */
  renew(run: ImportId, leaseUntil: Date): Promise<boolean>;
  /** Puts changes aside, where nobody sees them yet, and renews the lease. False as above, and nothing is kept. */
  stage(run: ImportId, changes: readonly RosterChange[], leaseUntil: Date): Promise<boolean>;
  /**
   * Makes everything that was staged true in one transaction, excuses what closed units still owe, and ends the import. The
   * ledger is told `imported`, and of every obligation that is `excused`. False as above.
   */
  apply(
    run: ImportId,
    ledger: { readonly imported: LedgerEvent; readonly excused: (obligation: ExcusedObligation) => LedgerEvent },
  ): Promise<boolean>;
  /** Ends an import that changes nothing. */
  leave(run: ImportId): Promise<void>;
  units(): Promise<readonly StoredUnit[]>;
  /** Everybody on record who may be meant. */
  find(sought: readonly Sought[]): Promise<readonly Match[]>;
  people(uids: readonly PersonUid[]): Promise<readonly StoredPerson[]>;
}
