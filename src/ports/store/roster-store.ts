import type { PersonUid } from "../../domain/ids.ts";
import type { PlatformName } from "../../domain/platform.ts";
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

export interface StoredAccount {
  readonly id: bigint;
  readonly platform: string;
  readonly index: Bytes;
  /** Another one has taken its place. */
  readonly replaced: boolean;
}

export interface StoredPost extends RosterPost {
  readonly id: bigint;
}

/** A person on record, closed. */
export interface StoredPerson {
  readonly uid: PersonUid;
  readonly wrapped: Bytes;
  readonly locale: string | null;
  readonly localeChosen: boolean;
  readonly nameCell: Bytes;
  readonly phoneCell: Bytes | null;
  readonly accounts: readonly StoredAccount[];
  readonly posts: readonly StoredPost[];
}

/** Who holds an office, closed. */
export interface Holder {
  readonly unit: string;
  readonly unitName: string;
  readonly post: PostName;
  readonly deputy: boolean;
  readonly uid: PersonUid;
  readonly nameCell: Bytes;
  /** Null for a person who was erased. */
  readonly wrapped: Bytes | null;
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
  /** The person's new account on the same platform takes its place, and what is on its way goes there. */
  | { readonly kind: "replaced"; readonly account: bigint }
  | ({ readonly kind: "post"; readonly uid: PersonUid } & RosterPost)
  /** An office that its holder has left. */
  | { readonly kind: "ended"; readonly post: bigint; readonly unit: string };

/** An import's hold on the roster: nobody else imports until it ends, or until its lease does (real time). */
export type ImportId = bigint & { readonly __id: "import" };

interface ChangedObligation {
  readonly notice: string;
  readonly obligation: string;
  /** By code. */
  readonly unit: string;
  readonly unitName: string;
}

/** An obligation that is excused because its unit was closed, or because whoever owed it for themself has left. */
export interface ExcusedObligation extends ChangedObligation {
  readonly reason: "unit-closed" | "left";
}

/** An open obligation that others are asked for now. */
export interface HandedOver extends ChangedObligation {
  /** Who is asked no more, and who is from now on. */
  readonly from: readonly PersonUid[];
  readonly to: readonly PersonUid[];
  /** Whether those who are asked are too few to fulfil it: nobody has taken over. */
  readonly vacant: boolean;
}

/** What making it true brought with it. */
export interface Applied {
  readonly excused: readonly ExcusedObligation[];
  readonly handedOver: readonly HandedOver[];
}

/** What an import tells the ledger. */
export interface ImportEntries {
  readonly imported: LedgerEvent;
  readonly excused: (obligation: ExcusedObligation) => LedgerEvent;
  readonly handedOver: (obligation: HandedOver) => LedgerEvent;
}

export interface ApplyHow {
  /** Service time. */
  readonly now: Date;
  /** The platforms that are switched on, in order of preference. */
  readonly platforms: readonly PlatformName[];
  /** Everything is done and then taken back: what it would bring is told all the same. The import does not end. */
  readonly dryRun: boolean;
}

export interface RosterStore {
  /**
   * Takes hold, also of what an import left whose lease has ended. Null while another one has it. A trial takes nobody's
   * turn, and can only be applied as a dry run.
   */
  begin(how: { readonly real: Date; readonly leaseUntil: Date; readonly trial: boolean }): Promise<ImportId | null>;
  /** False when another import took over: then nothing may be staged or applied any more. */
  renew(run: ImportId, leaseUntil: Date): Promise<boolean>;
  /** Puts changes aside, where nobody sees them yet, and renews the lease. False as above, and nothing is kept. */
  stage(run: ImportId, changes: readonly RosterChange[], leaseUntil: Date): Promise<boolean>;
  /**
   * Makes everything that was staged true in one transaction and ends the import. What closed units owe is excused; what
   * people owe who have left their offices is handed over to whoever answers now. The ledger is told of all of it. Null
   * when another import took over.
   */
  apply(run: ImportId, entries: ImportEntries, how: ApplyHow): Promise<Applied | null>;
  /** Ends an import that changes nothing, and leaves no trace of it. */
  leave(run: ImportId): Promise<void>;
  units(): Promise<readonly StoredUnit[]>;
  /** Everybody on record who may be meant. */
  find(sought: readonly Sought[]): Promise<readonly Match[]>;
  people(uids: readonly PersonUid[]): Promise<readonly StoredPerson[]>;
  /** Some thousand offices on record after this one, by id, each with its unit's code; none at the end. */
  posts(after: bigint): Promise<readonly { readonly id: bigint; readonly unit: string }[]>;
  /** Who holds these offices, in the order of the tree. */
  holders(posts: readonly bigint[]): Promise<readonly Holder[]>;
}
