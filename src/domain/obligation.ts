import type { ObligationId, PersonId } from "./ids.ts";
import type { Ack, NoticeState } from "./notice.ts";

export const OBLIGATION_STATES = ["open", "fulfilled", "excused", "cancelled"] as const;

export type ObligationState = (typeof OBLIGATION_STATES)[number];

/** How long an answer can be taken back, in milliseconds. */
export const TAKE_BACK_MS = 2 * 60_000;

/** An answer that stands: not taken back. */
export interface StandingAnswer {
  readonly person: PersonId;
  readonly at: Date;
}

/** An obligation as a decision about it needs it. */
export interface Duty {
  readonly obligation: ObligationId;
  readonly state: ObligationState;
  readonly generation: number;
  /** How many answers fulfil it. */
  readonly needed: number;
  readonly dueAt: Date | null;
  readonly answers: readonly StandingAnswer[];
}

/** A tap on a notice's card, with everything that decides what it does. */
export interface Tap {
  readonly person: PersonId;
  /** Whether the card was sent to this very person. */
  readonly own: boolean;
  readonly notice: { readonly state: NoticeState; readonly ack: Ack };
  /** The card's round, and the round of the button that was pressed. */
  readonly round: number;
  readonly pressed: number;
  readonly duties: readonly Duty[];
  /** The sentence that came with the tap. */
  readonly words: string | null;
}

/** What a tap does. Everything but `record` and `reopen` changes nothing, and each has an answer for the person. */
export type Decision =
  | { readonly kind: "record"; readonly duties: readonly Duty[] }
  | { readonly kind: "reopen"; readonly duties: readonly Duty[] }
  | {
      readonly kind:
        | "foreign"
        | "old-card"
        | "ended"
        | "needs-words"
        | "too-late-to-take-back"
        | "nothing-to-take-back";
    }
  | { readonly kind: "already"; readonly at: Date }
  /** Somebody else has discharged it meanwhile. */
  | { readonly kind: "answered-by-other"; readonly at: Date };

const mine = (tap: Tap, duty: Duty): StandingAnswer | undefined =>
  duty.answers.find(({ person }) => person === tap.person);

/**
 * What a tap on ✅ does: one tap answers every open obligation that this person still owes under the notice. One that was
 * answered by somebody else at the first tap and is open again is owed again.
 */
export const acknowledge = (tap: Tap): Decision => {
  if (!tap.own) return { kind: "foreign" };
  // Whoever answered the version before may owe an answer to the new one.
  if (tap.notice.state === "superseded") return { kind: "ended" };
  const open = tap.duties.filter((duty) => duty.state === "open" && !mine(tap, duty));
  const before = tap.duties.map((duty) => mine(tap, duty)).find((answer) => answer !== undefined);
  if (before && open.length === 0) return { kind: "already", at: before.at };
  if (tap.notice.state !== "published") return { kind: "ended" };
  if (tap.pressed !== tap.round) return { kind: "old-card" };
  if (open.length === 0) {
    const other = tap.duties.flatMap(({ answers }) => answers).at(0);
    return other ? { kind: "answered-by-other", at: other.at } : { kind: "ended" };
  }
  if (tap.notice.ack === "evidence" && !tap.words?.trim()) return { kind: "needs-words" };
  return { kind: "record", duties: open };
};

/** What a tap on ↩ does: it takes back what was answered within the last two minutes, and nothing older. */
export const takeBack = (tap: Tap, now: Date): Decision => {
  if (!tap.own) return { kind: "foreign" };
  if (tap.pressed !== tap.round) return { kind: "old-card" };
  if (!tap.duties.some((duty) => mine(tap, duty))) return { kind: "nothing-to-take-back" };
  if (tap.notice.state !== "published") return { kind: "ended" };
  const earliest = now.getTime() - TAKE_BACK_MS;
  const fresh = tap.duties.filter((duty) => (mine(tap, duty)?.at.getTime() ?? Number.NEGATIVE_INFINITY) >= earliest);
  return fresh.length === 0 ? { kind: "too-late-to-take-back" } : { kind: "reopen", duties: fresh };
};

/** Whether one more answer fulfils it. */
export const fulfils = (duty: Duty): boolean => duty.answers.length + 1 >= duty.needed;

/** Whether it falls short again once this person's answer is gone. */
export const reopens = (duty: Duty): boolean => duty.state === "fulfilled" && duty.answers.length - 1 < duty.needed;

/** An answer counts as late after the due time, not at it. */
export const isLate = (dueAt: Date | null, at: Date): boolean => dueAt !== null && at > dueAt;
