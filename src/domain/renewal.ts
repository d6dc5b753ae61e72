import type { Ack, Closing } from "./notice.ts";
import { ACKS } from "./notice.ts";

/** What a notice asks of whoever is meant. */
export interface Duties {
  readonly ack: Ack;
  readonly dueAt: Date | null;
  readonly closing: Closing;
}

/** Why people who had done their part are asked once more. */
export type AskedAgain = "ack" | "due" | "closing" | "words";

/** How many answers of one unit it takes at least. */
const needed = (closing: Closing): number => (closing.kind === "quorum" ? closing.needed : 1);

const closingGrew = (old: Closing, next: Closing): boolean =>
  next.kind === "everyone" ? old.kind !== "everyone" : old.kind !== "everyone" && needed(next) > needed(old);

/** A time limit where there was none is an earlier one. */
const isEarlier = (old: Date | null, next: Date | null): boolean => next !== null && (old === null || next < old);

/**
 * What makes a duty another one than before: more is asked, sooner, or of more people; or the issuer says that the words
 * have changed so much that everybody answers anew.
 */
export const askedAgain = (old: Duties, next: Duties, everybody: boolean): readonly AskedAgain[] => {
  if (next.ack === "none") return [];
  const found: AskedAgain[] = [];
  if (ACKS.indexOf(next.ack) > ACKS.indexOf(old.ack)) found.push("ack");
  if (isEarlier(old.dueAt, next.dueAt)) found.push("due");
  if (closingGrew(old.closing, next.closing)) found.push("closing");
  if (everybody) found.push("words");
  return found;
};

/** Whether answers go along. Where only more people are asked, each who has answered has done their part of it. */
export const keepsAnswers = (reasons: readonly AskedAgain[]): boolean => reasons.every((why) => why === "closing");
