import type { Turn } from "../../dialogue/form/turn.ts";
import type { Address } from "../../domain/address.ts";
import type { EnrolmentFacts } from "../../domain/enrolment.ts";
import type { EnrolmentId } from "../../domain/ids.ts";
import type { Locale } from "../../domain/language.ts";
import type { Incoming } from "../chat-platform.ts";
import type { Pressed, Sender } from "./answer-store.ts";
import type { TurnHow, Word } from "./draft-store.ts";

/** An enrolment that waits for somebody's word. */
export interface WaitingEnrolment {
  readonly id: EnrolmentId;
  readonly name: string;
  readonly unit: string;
  readonly unitName: string;
  readonly post: string;
  readonly needs: "above" | "self";
  readonly at: Date;
}

/** How people come to be known. An event that was worked off already changes nothing more. */
export interface EnrolmentStore {
  /** Takes an unknown address down as a guest. Null where it belongs to somebody who acts through another one now. */
  meet(address: Address, locale: Locale | null, real: Date): Promise<Sender | null>;
  /**
   * A code that somebody brought. A good one begins the form `open`s; any other is answered with one line, the same
   * whatever is wrong with it and by the same statements, and after a few of them an hour with silence.
   */
  bring(
    press: Pressed,
    codeHash: Uint8Array,
    open: (facts: EnrolmentFacts) => Turn<unknown>,
    real: Date,
  ): Promise<"asked" | "holds-already" | "refused">;
  /** Keeps what a guest did until they are enrolled (null: nothing), and says so; after a few an hour, silence. */
  keep(press: Pressed, incoming: Incoming | null, real: Date): Promise<void>;
  /** Takes an approver's word, by a button. */
  decide(press: Pressed, enrolment: EnrolmentId, word: Word, how: TurnHow): Promise<void>;
  /** The same by the operator. False where nothing waits under that number. */
  decideByCommand(enrolment: EnrolmentId, word: Word, how: TurnHow & { readonly now: Date }): Promise<boolean>;
  waiting(): Promise<readonly WaitingEnrolment[]>;
  /**
   * A code from a web page. Good: a guest with a web chat of their own, which the session opens; returns its address. Any
   * other is counted by `tryKey`, and too many are "enough".
   */
  admit(
    codeHash: Uint8Array,
    visitor: { readonly tryKey: string; readonly locale: Locale | null },
    session: { readonly idHash: Uint8Array; readonly expiresAt: Date },
    real: Date,
  ): Promise<{ readonly chat: string } | "bad" | "enough">;
}
