import type { NoticeState, NoticeText } from "../../domain/notice.ts";
import type { PlatformName } from "../../domain/platform.ts";
import type { Duties } from "../../domain/renewal.ts";
import type { LedgerEvent } from "../ledger.ts";
import type { Publication, PublicationPreview, Published } from "./notice-store.ts";

/** What is taken back, and what people are told. */
export interface Recall {
  readonly number: string;
  readonly reason: string;
  /** Service time. */
  readonly at: Date;
  /** The platforms over which people are told, in order of preference. */
  readonly platforms: readonly PlatformName[];
}

/** What ending a notice did. */
export interface Withdrawn {
  /** People who were never sent it, and now never are. */
  readonly stopped: number;
  /** People who are told, because they were sent it or may have been. */
  readonly told: number;
  /** Obligations that were still open. */
  readonly cancelled: number;
}

/** Why a notice cannot be taken back or replaced: it is over already, or was never there. */
export type Unamendable =
  | { readonly kind: "unknown" }
  | { readonly kind: "recalled"; readonly at: Date; readonly reason: string | null }
  | { readonly kind: "superseded"; readonly by: string }
  | { readonly kind: "closed" };

/** A notice that is to be replaced, as it stands. */
export interface Standing extends Duties {
  readonly number: string;
  readonly state: NoticeState;
  readonly version: number;
  readonly texts: readonly Pick<NoticeText, "locale" | "title" | "body">[];
}

export interface Replacement {
  /** The number of the notice whose place it takes. */
  readonly replaces: string;
  readonly publication: Publication;
  /** Whether answers that were given go along, judged under lock from what the old notice asked. */
  readonly keepsAnswers: (old: Standing) => boolean;
}

/** An answer that went along: what it fulfils or counts for now, and what it was given for. In the order of the ids. */
export interface CarriedOver {
  readonly fulfilled: boolean;
  /** "new:old" ids of obligations, joined by ",". */
  readonly obligations: string;
}

export interface Replaced extends Published, Withdrawn {
  readonly version: number;
  readonly old: Standing;
  /** Obligations that stand fulfilled at once, by the answers to the old ones. */
  readonly carried: number;
  readonly carriedOver: readonly CarriedOver[];
}

/** Some people, the first few of their units, and how many more of these there are. */
export interface Affected {
  readonly people: number;
  readonly more: number;
  readonly units: readonly { readonly code: string; readonly unit: string }[];
}

/** For a dry run: what becomes of whom. Everybody who is meant now is in one of the first four. */
export interface Renewal {
  /** Had not been meant before. */
  readonly newly: Affected;
  /** Had done their part, and are asked once more. */
  readonly again: Affected;
  /** Had not answered yet, and owe it under the new version. */
  readonly still: Affected;
  /** Owe nothing more, and see what has changed. */
  readonly sees: Affected;
  /** Are not meant any more. */
  readonly released: Affected;
}

export type ReplacementPreview = Omit<Replaced, "carriedOver"> & PublicationPreview & Renewal;

/** Nothing was written. */
export type Unreplaced = Unamendable | { readonly kind: "number-taken" } | { readonly kind: "nobody" };

/** Mistakes taken back. Each method is one transaction, in which nothing waits for anything but the database. */
export interface AmendStore {
  /**
   * Ends a notice: what has not begun to leave stays here, what is open is cancelled in its next generation, what stands
   * in a chat is drawn again, and whoever may have it is told once. `entry` makes the ledger's event from what came of it.
   */
  recall(what: Recall, entry: (done: Withdrawn) => LedgerEvent): Promise<Withdrawn | Unamendable>;
  /** The same statements, rolled back. */
  previewRecall(what: Recall): Promise<Withdrawn | Unamendable>;
  /** Publishes the new version in the place of the old one, which ends as by a recall. */
  supersede(what: Replacement, entries: (done: Replaced) => readonly LedgerEvent[]): Promise<Replaced | Unreplaced>;
  previewSupersede(what: Replacement): Promise<ReplacementPreview | Unreplaced>;
}
