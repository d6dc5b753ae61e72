import type { Block } from "../../domain/content.ts";
import { clipBlocks } from "../../domain/content.ts";
import type { Ack } from "../../domain/notice.ts";
import { ACKS, shortNumber } from "../../domain/notice.ts";
import type { Phrase } from "../phrase.ts";
import { onDay, phrase } from "../phrase.ts";
import type { NoticeView, PreviousView } from "../view.ts";

/** What the reader of a new version has to know before its words: which it replaces, and whether they answer once more. */
export const renewedLead = ({ number, answered, changes }: PreviousView, owed: boolean): Phrase => {
  const which = { number: shortNumber(number) };
  if (!changes) return phrase("card.renewed", which);
  if (changes.passages.length === 0)
    return phrase(owed && answered ? "card.renewed.same-again" : "card.renewed.same", which);
  if (owed) return phrase(answered ? "card.renewed.again" : "card.renewed.owed", which);
  return phrase(answered ? "card.renewed.kept" : "card.renewed.seen", which);
};

const more: Readonly<Record<Exclude<Ack, "none">, Phrase>> = {
  read: phrase("card.renewed.ack.read"),
  undertake: phrase("card.renewed.ack.undertake"),
  evidence: phrase("card.renewed.ack.evidence"),
};

/** What else is asked otherwise than before, beside the words. */
export const renewedTerms = (notice: NoticeView, previous: PreviousView, owed: boolean): readonly Phrase[] => {
  const terms: Phrase[] = [];
  const { ack, dueAt } = notice;
  if (owed && ack !== "none" && ACKS.indexOf(ack) > ACKS.indexOf(previous.ack)) terms.push(more[ack]);
  if (dueAt && previous.dueAt && dueAt.getTime() !== previous.dueAt.getTime())
    terms.push(phrase("card.renewed.due", { from: onDay(previous.dueAt), to: onDay(dueAt) }));
  return terms;
};

/** The changed passages as far as `most` lines go, and behind them the whole text with its changes in place. */
export const renewedContent = (
  { passages, whole }: NonNullable<PreviousView["changes"]>,
  most: number,
): { readonly short: readonly Block[]; readonly rest: readonly Block[] } => ({
  short: clipBlocks(passages, most),
  rest: whole,
});
