import type { Audience } from "../../domain/audience.ts";
import type { NoticeId } from "../../domain/ids.ts";
import type { NoticeDraft } from "../../domain/notice.ts";
import type { PlatformName } from "../../domain/platform.ts";
import type { UnitKind } from "../../domain/unit.ts";
import type { LedgerEvent } from "../ledger.ts";
import type { Timetable } from "./timetable.ts";

/** A checked notice, and when. */
export interface Publication {
  readonly draft: NoticeDraft;
  readonly audience: Audience;
  /** The whole tree's; units with a calendar of their own may have another. */
  readonly dueAt: Date | null;
  readonly timetables: readonly [Timetable, ...Timetable[]];
  /** Seconds that one answer takes. */
  readonly seconds: number;
  /** Service time from which it is sent. */
  readonly at: Date;
  /** In order of preference: where a person has several accounts, the first of these is used. */
  readonly platforms: readonly PlatformName[];
}

/** What publishing made, or would make. */
export interface Published {
  readonly notice: NoticeId;
  /** Without the excluded ones. */
  readonly units: number;
  readonly obligations: number;
  readonly recipients: number;
  /** Of these, who are told at an hour at which nobody is disturbed otherwise. */
  readonly bypasses: number;
  /** Closed units that the audience selects: left out, with that reason. */
  readonly excluded: number;
  /** Over the sorted uids of all recipients, joined by commas: SHA-256, hexadecimal. */
  readonly recipientSet: string;
}

/** For a dry run: who would get it, by what, and who would not. */
export interface PublicationPreview extends Published {
  readonly byPlatform: readonly { readonly platform: PlatformName | null; readonly people: number }[];
  readonly byKind: readonly { readonly kind: UnitKind; readonly units: number }[];
  /** By depth in the tree; the root is 0. */
  readonly byTier: readonly { readonly depth: number; readonly units: number }[];
  /** How many units and people are not reached. */
  readonly unreached: number;
  /** The first thousand of them in the order of the tree. */
  readonly unreachable: readonly {
    readonly code: string;
    readonly unit: string;
    readonly why: "vacant" | "no-account" | "account-gone";
  }[];
}

/** Nothing was written: the number is taken, or the audience selects nobody (closed units are nobody). */
export type Unpublished = "number-taken" | "nobody";

export interface NoticeStore {
  /**
   * Writes the notice, its obligations by closing rule, its deliveries and the ledger's rows in one transaction.
   * `entries` makes the ledger's events from what came of it.
   */
  publish(
    publication: Publication,
    entries: (published: Published) => readonly LedgerEvent[],
  ): Promise<Published | Unpublished>;
  /** The same statements, rolled back: what `publish` would do, exactly. */
  preview(publication: Publication): Promise<PublicationPreview | Unpublished>;
  /** Which of these unit codes do not exist. */
  unknownCodes(codes: readonly string[]): Promise<readonly string[]>;
}
