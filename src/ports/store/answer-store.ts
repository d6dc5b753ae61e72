import type { Action, BatchAck } from "../../dialogue/action.ts";
import type { Phrase } from "../../dialogue/phrase.ts";
import type { Address } from "../../domain/address.ts";
import type { AccountId, DeliveryId, InboundId, ObligationId, PersonId, TaskId } from "../../domain/ids.ts";
import type { Locale } from "../../domain/language.ts";
import type { NoticeState } from "../../domain/notice.ts";
import type { Decision, Duty, Tap } from "../../domain/obligation.ts";
import type { Relation } from "../../domain/rights.ts";
import type { LedgerEvent } from "../ledger.ts";

/** The person behind an address. */
export interface Sender {
  readonly person: PersonId;
  readonly uid: string;
  readonly account: AccountId;
  readonly locale: Locale | null;
  /** Nobody knows who they are yet: they hold no office and can do nothing but enrol. */
  readonly guest: boolean;
  /** Nothing could be sent to this address of late. */
  readonly unreached: boolean;
}

/** What is known about one owed thing beyond the rules that decide about it. */
export interface OwedDuty extends Duty {
  readonly unitCode: string;
  readonly unitName: string;
}

/** The last version of a notice that was superseded. */
export interface LatestVersion {
  readonly number: string;
  readonly state: NoticeState;
  /** Whether an answer is still owed: by whoever presses, or by the unit that they would answer for. */
  readonly owed: boolean;
}

/** A tap on a notice's card, and what the ledger needs to tell of it. */
export interface TapFacts extends Tap {
  readonly number: string;
  /** The hash of the language version that the card showed. */
  readonly contentHash: string | null;
  readonly duties: readonly OwedDuty[];
  /** Of a notice that was superseded. */
  readonly latest: LatestVersion | null;
}

/** An answer on somebody else's behalf, with everything that decides about it. */
export interface ProxyFacts {
  readonly number: string;
  readonly contentHash: string;
  readonly notice: NoticeState;
  readonly duty: OwedDuty;
  readonly relation: Relation;
  readonly latest: LatestVersion | null;
}

/** What an event leads to: all of it in one transaction, together with the event being done. */
export interface Effect<Kind> {
  readonly decision: Kind;
  readonly reply: Phrase | null;
  readonly ledger: readonly LedgerEvent[];
}

export interface Pressed {
  readonly inbound: InboundId;
  /** Further events that it stands for, such as the other pictures of an album: they end with it. */
  readonly rest?: readonly InboundId[];
  readonly sender: Sender;
  readonly words: string | null;
  /** The platform's id of the message that was pressed, where it tells. */
  readonly ref: string | null;
  readonly now: Date;
}

export type ProxyDecision =
  | { readonly kind: "record"; readonly fulfils: boolean }
  | { readonly kind: "needs-reason" }
  | { readonly kind: "nothing" };

/** Something that a person was to do themself: of which kind, and about which unit's obligation. */
export interface TaskFacts {
  readonly kind: string;
  readonly notice: string;
  readonly obligation: string;
  /** The unit's code, and its name. */
  readonly unit: string;
  readonly name: string;
}

/**
 * An event that was worked off already changes nothing more, whoever works it off again. Whoever does anything can be
 * reached again, as after `reach`.
 */
export interface AnswerStore {
  /** Null for an address that nobody wrote from. */
  sender(address: Address): Promise<Sender | null>;
  /** Reads the card's facts under lock, lets `decide` judge them, and writes what it says. Null when there is no such card, or the event is done. */
  tap(
    press: Pressed & { readonly delivery: DeliveryId; readonly round: number },
    decide: (facts: TapFacts) => Effect<Decision>,
  ): Promise<Decision | null>;
  /** The same for an answer on another's behalf. */
  answerFor(
    press: Pressed & { readonly obligation: ObligationId },
    decide: (facts: ProxyFacts) => Effect<ProxyDecision>,
  ): Promise<ProxyDecision | null>;
  /**
   * A tap for everything of one kind that a digest lists and its person still owes, all in one; `reply` is made from the
   * titles of what was answered. Returns how many those are.
   */
  tapAll(
    press: Pressed & { readonly delivery: DeliveryId },
    ack: BatchAck,
    decide: (facts: TapFacts) => Effect<Decision>,
    reply: (titles: readonly string[]) => Phrase,
  ): Promise<number | null>;
  /** Sends the sender the card of a notice that was only told of so far. False where there is none of theirs. */
  open(press: Pressed, delivery: DeliveryId): Promise<boolean>;
  /** What the sender was to do themself is done; null facts where it is done already, or is not theirs to do. */
  taskDone(
    press: Pressed,
    task: TaskId,
    decide: (facts: TaskFacts | null) => Omit<Effect<unknown>, "decision">,
  ): Promise<void>;
  /**
   * Notes that the sender's address can be written to again, or no longer. What could not be sent there meanwhile and is
   * still of use goes out then.
   */
  reach(press: Pressed, reachable: boolean): Promise<void>;
  /** Opens or folds the whole text in the sender's own card. False for a card that is not theirs. */
  turnPage(press: Pressed, delivery: DeliveryId, page: number): Promise<boolean>;
  /** The button for which the sender was asked for a sentence within the last day and has said nothing since; null for none. */
  awaited(press: Pressed): Promise<Action | null>;
  /** Says something to the sender: a reply, or a list of the kind. */
  tell(press: Pressed, kind: "reply" | "todo" | "proxy", phrase: Phrase | null, from?: number): Promise<void>;
  /** Sets the sender's language, redraws their cards in it, and says so. */
  setLanguage(press: Pressed, locale: Locale, reply: Phrase): Promise<void>;
}
