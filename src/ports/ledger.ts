import type { EntryFacts } from "../domain/entry-facts.ts";
import type { ClockSubjects } from "./clock-subjects.ts";
import type { EnrolmentSubjects } from "./enrolment-subjects.ts";

/** What is common to all: pseudonymous, people by uid, everything else by public number, unit code or id. Strings only. */
interface Happened {
  /** Service time. */
  readonly at: Date;
  /** The uid of who did it; "operator" for the command line, "service" for what happens by itself. */
  readonly actor: string;
  /** The hash of the words the person was shown or the issuer published; null where none were. */
  readonly contentHash: string | null;
  readonly how: "tap" | "proxy" | "paper" | "command" | "rule";
}

type YesNo = "yes" | "no";

/** An obligation by its id, within the notice of this number, owed by the unit of this code. */
interface AboutObligation {
  readonly notice: string;
  readonly obligation: string;
  readonly unit: string;
}

/** Each kind and what it concerns. Numbers are decimal strings. */
export interface Subjects extends EnrolmentSubjects, ClockSubjects {
  /**
   * `obligations` counts what is owed from now on (closed units are left out), `recipients` people; `set` is the SHA-256,
   * hexadecimal, over the recipients' uids sorted by their bytes and joined by ",".
   */
  readonly published: {
    readonly notice: string;
    readonly obligations: string;
    readonly recipients: string;
    readonly set: string;
  };
  /** `generation` is the obligation's before the answer; `fulfilled` says whether it stands fulfilled after it. */
  readonly acknowledged: AboutObligation & { readonly generation: string; readonly fulfilled: YesNo };
  readonly "acknowledged-by-proxy": AboutObligation & { readonly generation: string; readonly fulfilled: YesNo };
  /** `generation` is that of the answer taken back; `reopened` says whether the obligation is open again. */
  readonly "taken-back": AboutObligation & { readonly generation: string; readonly reopened: YesNo };
  readonly excused: AboutObligation & { readonly reason: string };
  /**
   * What was still open is cancelled, `cancelled` obligations; `stopped` people never get it, `told` people are told. The
   * reason stands as its hash alone (`ContentHash.recall`), for it is free text and the ledger forgets nothing.
   */
  readonly recalled: {
    readonly notice: string;
    readonly cancelled: string;
    readonly stopped: string;
    readonly told: string;
  };
  /** `by` is the number of the notice in its place, whose publication was told just before; the rest as for `recalled`. */
  readonly superseded: {
    readonly notice: string;
    readonly by: string;
    readonly version: string;
    readonly cancelled: string;
    readonly stopped: string;
    readonly told: string;
  };
  /**
   * Answers to obligations of the notice `from` that count for those of `notice`: `obligations` holds pairs of ids,
   * new:old, joined by ","; `fulfilled` says whether the new ones stand fulfilled by them.
   */
  readonly "carried-over": {
    readonly notice: string;
    readonly from: string;
    readonly obligations: string;
    readonly fulfilled: YesNo;
  };
  /**
   * Others are asked for an open obligation from now on: `from` and `to` are uids joined by ",". `to` is empty when nobody
   * has taken over.
   */
  readonly "handed-over": AboutObligation & { readonly from: string; readonly to: string };
  /** `ended` counts offices. */
  readonly imported: { readonly units: string; readonly people: string; readonly ended: string };
  /** What left as a table, and how many rows it had when it began; within the unit of this code, or empty. */
  readonly exported: { readonly what: string; readonly rows: string; readonly under: string };
  readonly "link-issued": Readonly<Record<string, string>>;
  /** `taken` is when the backup was (ISO), `entries` and `root` (base64) its last head's; `held` messages wait for an operator. */
  readonly restored: { readonly taken: string; readonly entries: string; readonly root: string; readonly held: string };
}

/**
 * What happened, for the ledger. Within a transaction its row is inserted after the rows it speaks of are locked, so that
 * the ledger tells of one obligation in the order in which it changed.
 */
export type LedgerEvent = {
  readonly [Kind in keyof Subjects]: Happened & { readonly kind: Kind; readonly subject: Subjects[Kind] };
}[keyof Subjects];

/** Turns an event into the canonical bytes that are stored, hashed and signed as they are (RFC 8785). */
export type EntryBytes = (event: LedgerEvent) => Uint8Array<ArrayBuffer>;

/** The hashes of words, in hexadecimal; `src/ledger/README.md` tells how anybody recomputes them. */
export interface ContentHash {
  /** One language version. `body` is Markdown without the title. */
  text(version: {
    readonly number: string;
    readonly locale: string;
    readonly title: string;
    readonly body: string;
  }): string;
  /** The whole notice: what its front matter says, as it was written, and the hashes of its versions in their order. */
  notice(facts: {
    readonly number: string;
    readonly issuer: string;
    readonly urgency: string;
    readonly ack: string;
    readonly due: string | null;
    readonly audience: string;
    readonly closing: string;
    readonly reminders: readonly string[];
    readonly texts: readonly { readonly locale: string; readonly hash: string }[];
  }): string;
  /** Why a notice was recalled, as people were told. */
  recall(facts: { readonly number: string; readonly reason: string }): string;
  /** A set of people, whatever their order. */
  people(uids: readonly string[]): string;
}

export type Bytes = Uint8Array<ArrayBuffer>;

/** The roots of the perfect subtrees that a log of some size is made of, largest first. */
export type Range = readonly Bytes[];

/** What waits to be sealed. */
export interface WaitingRow {
  readonly id: bigint;
  readonly body: Bytes;
}

/** A row of the ledger. `id` is the number it had while it waited. */
export interface EntryRow {
  readonly seq: bigint;
  readonly id: bigint;
  readonly body: Bytes;
  readonly leaf: Bytes;
  readonly mac: Bytes;
}

/** A signed statement about the first `size` entries. */
export interface HeadRow {
  readonly size: bigint;
  readonly root: Bytes;
  readonly range: Range;
  readonly note: string;
}

export interface SealedBatch {
  readonly entries: readonly EntryRow[];
  readonly head: HeadRow;
}

/** What a signed head says. */
export interface HeadFacts {
  readonly size: bigint;
  readonly root: Bytes;
}

/** A proof of one entry, as `src/ledger/README.md` describes it. */
export interface EntryProof {
  readonly v: "1";
  /** The entry's bytes, base64. */
  readonly entry: string;
  readonly seq: string;
  readonly size: string;
  /** Hashes from the leaf up, base64. */
  readonly path: readonly string[];
  readonly note: string;
  readonly publicKey: string;
}

/** The arithmetic of the ledger under one key. Pure: it remembers nothing and reads nothing. */
export interface Ledger {
  /** The key that heads verify under, as a C2SP verifier key: name+hash+key. */
  readonly publicKey: string;
  readonly entryBytes: EntryBytes;
  /** Null for anything but the canonical bytes of an entry. */
  readEntry(body: Uint8Array): EntryFacts | null;
  /**
   * Numbers, hashes and signs what waited, after the last head. Throws when that head was not signed with this key or
   * does not fit its own range: nothing is ever built upon it.
   */
  seal(last: HeadRow | null, waiting: readonly WaitingRow[]): SealedBatch;
  leaf(body: Uint8Array): Bytes;
  /** Binds an entry's place to its leaf under a key that the database does not hold. */
  mac(entry: Pick<EntryRow, "seq" | "id" | "leaf">): Bytes;
  /** The range of a log of `size` entries with one more. */
  append(range: Range, size: bigint, leaf: Bytes): Range;
  root(range: Range): Bytes;
  /** What a head's note says; null when it is no note or not signed with this key. */
  readHead(note: string): HeadFacts | null;
  /** Which stretches of entries, each from and up to but without, have the roots that prove entry `seq` in a log of `size`. */
  stretches(seq: bigint, size: bigint): readonly (readonly [from: bigint, to: bigint])[];
}
