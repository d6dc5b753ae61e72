import { clipText, linesOf } from "../../domain/content.ts";
import { shortNumber } from "../../domain/notice.ts";
import type { Phrase } from "../phrase.ts";
import { phrase } from "../phrase.ts";
import type { Screen } from "../screen.ts";
import { screen } from "../screen.ts";
import type { DeliveryView, NoticeView } from "../view.ts";

/** Where a notice stands that is over; null for one that is not. */
export const overStanding = ({ state, successor }: NoticeView): Screen<Phrase>["standing"] => {
  if (state === "published") return null;
  if (state === "recalled") return { words: phrase("card.recalled"), tone: "ended" };
  if (state !== "superseded" || !successor) return { words: phrase("card.ended"), tone: "ended" };
  const words = successor.mine
    ? phrase("card.superseded", { number: successor.number })
    : phrase("card.superseded.released");
  return { words, tone: "ended" };
};

const MOST_LINES = 9;
/** The words around a reason, and around a title, in columns. */
const AROUND = 10;
const AROUND_TITLE = 45;

/** The reason of a recall, as far as `most` lines go. */
const reasonLine = ({ recallReason }: NoticeView, most: number): readonly Phrase[] =>
  recallReason === null
    ? []
    : [phrase("card.recalled.reason", { reason: clipText(" ".repeat(AROUND) + recallReason, most).trimStart() })];

/** What is left of the card of a notice that is over: that it is, why, and its words for whoever wants to read them. */
export const overParts = (
  notice: NoticeView,
  open: NonNullable<Screen<Phrase>["content"]>["open"],
): Pick<Screen<Phrase>, "lines" | "content"> => {
  const left = MOST_LINES - 3 - linesOf(notice.text.title);
  return { lines: reasonLine(notice, Math.max(1, left)), content: { short: [], rest: notice.text.content, open } };
};

/** The one message by which people hear that a notice they had is over. */
export const toldScreen = (view: DeliveryView, notice: NoticeView): Screen<Phrase> => {
  const head = phrase(view.kind === "recalled" ? "told.recalled" : "told.released", {
    number: shortNumber(notice.number),
    title: notice.text.title,
  });
  const room = MOST_LINES - linesOf(" ".repeat(AROUND_TITLE) + notice.text.title) - 1;
  return screen({
    lines: [head, ...reasonLine(notice, Math.max(1, room))],
    notes: view.repeat ? [phrase("card.repeat")] : [],
    fallback: head,
  });
};
