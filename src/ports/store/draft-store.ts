import type { AnyForm, FormDraft, Turn } from "../../dialogue/form/turn.ts";
import type { EnrolmentAnswers } from "../../dialogue/forms/enrolment.ts";
import type { Phrase } from "../../dialogue/phrase.ts";
import type { Address } from "../../domain/address.ts";
import type { DraftId } from "../../domain/ids.ts";
import type { Locale } from "../../domain/language.ts";
import type { PlatformName } from "../../domain/platform.ts";
import type { Post } from "../../domain/post.ts";
import type { LedgerEvent } from "../ledger.ts";
import type { Pressed } from "./answer-store.ts";
import type { ExcusedObligation, HandedOver } from "./roster-store.ts";

/** A form that somebody has begun. */
export interface OpenDraft extends FormDraft {
  readonly id: DraftId;
  /** What was known when it began. */
  readonly facts: unknown;
}

/** What an input comes to. */
export type TurnEffect =
  | {
      readonly kind: "asking";
      readonly draft: FormDraft;
      readonly question: string;
      readonly problem: Phrase | null;
      /** The language that was chosen on the way; null leaves it. */
      readonly locale: Locale | null;
    }
  /** A button of an earlier question: the card that asks now stands below it. */
  | { readonly kind: "unheard" }
  /** It ends without doing anything. */
  | { readonly kind: "over"; readonly reply: Phrase }
  | { readonly kind: "language"; readonly locale: Locale; readonly reply: Phrase }
  | { readonly kind: "enrol"; readonly answers: EnrolmentAnswers };

export interface TurnHow {
  /** Real time. */
  readonly real: Date;
  /** The platforms that are switched on, in order of preference. */
  readonly platforms: readonly PlatformName[];
  readonly entries: EnrolmentEntries;
}

/** What an enrolment tells the ledger. */
export interface EnrolmentEntries {
  enrolled(
    at: Date,
    enrolled: {
      readonly uid: string;
      readonly invitation: bigint;
      readonly unit: string;
      readonly office: Pick<Post, "post" | "deputy">;
      readonly platform: string;
      readonly as: "known" | "new";
      readonly privacy: number | null;
    },
  ): LedgerEvent;
  /** `by` is the uid of whoever said so; null for the operator. */
  decided(
    at: Date,
    decided: {
      readonly word: Word;
      readonly by: string | null;
      readonly enrolment: bigint;
      readonly unit: string;
      readonly office: Pick<Post, "post" | "deputy">;
      readonly person: string;
    },
  ): LedgerEvent;
  excused(at: Date, obligation: ExcusedObligation): LedgerEvent;
  handedOver(at: Date, obligation: HandedOver): LedgerEvent;
}

/** Whether somebody may enrol after all. */
export type Word = "approve" | "refuse";

/** The forms that people are in. Each person has one draft a form; none of them outlives its day without an answer. */
export interface DraftStore {
  /** Begins a form, in the place of an earlier draft of the same, and asks its first question. */
  begin(
    press: Pressed,
    form: Pick<AnyForm<never>, "name">,
    facts: unknown,
    first: Extract<Turn<unknown>, { kind: "asking" }>,
    real: Date,
  ): Promise<void>;
  /**
   * Reads a draft of the sender's under lock, lets `decide` judge it, and writes what it says: a named one, or the one
   * that they were in last. False, and nothing done, where there is none.
   */
  turn(
    press: Pressed,
    which: DraftId | "latest",
    decide: (draft: OpenDraft) => TurnEffect,
    how: TurnHow,
  ): Promise<boolean>;
  /** A draft of whoever has this address, as it stands, with the language they have chosen; null where they are not in it. */
  read(address: Address, draft: DraftId, real: Date): Promise<(OpenDraft & { readonly locale: string | null }) | null>;
  /** Forgets what nobody went on with, and strangers who did not enrol. Returns how many of both. */
  forget(real: Date): Promise<number>;
}
