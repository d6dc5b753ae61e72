import { excerpt } from "../../domain/content.ts";
import type { Urgency } from "../../domain/notice.ts";
import { shortNumber } from "../../domain/notice.ts";
import { isLate, TAKE_BACK_MS } from "../../domain/obligation.ts";
import type { Phrase } from "../phrase.ts";
import { at, onDay, phrase } from "../phrase.ts";
import type { Button, Screen } from "../screen.ts";
import { screen } from "../screen.ts";
import type { AnswerView, DeliveryView, DutyView, NoticeView } from "../view.ts";

const URGENCY: Readonly<Record<Urgency, Screen<Phrase>["urgency"]>> = {
  routine: null,
  priority: { words: phrase("urgency.priority"), weight: "outline" },
  urgent: { words: phrase("urgency.urgent"), weight: "solid" },
  flash: { words: phrase("urgency.flash"), weight: "solid" },
};

/** The minutes that a person needs, said in the unit people would use. */
const effort = (seconds: number): Phrase =>
  seconds < 90
    ? phrase("effort.seconds", { count: seconds })
    : phrase("effort.minutes", { count: Math.ceil(seconds / 60) });

/** The reader's own answer first, else that of somebody who answered for their unit. */
const answerOf = (duties: readonly DutyView[]): AnswerView | null =>
  duties.find(({ answer }) => answer?.by === "me")?.answer ?? duties.find(({ answer }) => answer)?.answer ?? null;

const answered = (answer: AnswerView, reader: string, notice: NoticeView): Phrase => {
  const values = { name: answer.by === "me" ? reader : answer.by.name, at: at(answer.at) };
  if (answer.how === "proxy") return phrase("card.answered.proxy", values);
  if (answer.how === "paper") return phrase("card.answered.paper", values);
  return notice.ack === "read" ? phrase("card.answered.read", values) : phrase("card.answered.undertake", values);
};

const late = (hours: number): Phrase =>
  hours < 48
    ? phrase("card.late.hours", { count: Math.max(1, Math.round(hours)) })
    : phrase("card.late.days", { count: Math.round(hours / 24) });

const standing = (notice: NoticeView, reader: string): Screen<Phrase>["standing"] => {
  if (notice.state === "recalled") return { words: phrase("card.recalled"), tone: "ended" };
  if (notice.state !== "published") return { words: phrase("card.ended"), tone: "ended" };
  const answer = answerOf(notice.duties);
  if (!answer) {
    const ended =
      notice.duties.length > 0 && notice.duties.every(({ state }) => state === "excused" || state === "cancelled");
    return ended ? { words: phrase("card.excused"), tone: "ended" } : null;
  }
  const words = answered(answer, reader, notice);
  if (!answer.late || !notice.dueAt) return { words, tone: "done" };
  const hours = (answer.at.getTime() - notice.dueAt.getTime()) / 3_600_000;
  return { words: phrase("card.answered.late", { answered: words, late: late(hours) }), tone: "late" };
};

const isOpen = (notice: NoticeView): boolean =>
  notice.state === "published" && notice.duties.some(({ state }) => state === "open") && !ownAnswer(notice);

const ownAnswer = (notice: NoticeView): AnswerView | undefined =>
  notice.duties.find(({ answer }) => answer?.by === "me")?.answer ?? undefined;

const due = (notice: NoticeView, now: Date): Screen<Phrase>["due"] => {
  if (!isOpen(notice)) return null;
  const takes = effort(notice.seconds);
  if (!notice.dueAt) return { words: phrase("card.takes", { effort: takes }), late: false };
  return isLate(notice.dueAt, now)
    ? { words: phrase("card.overdue", { at: onDay(notice.dueAt) }), late: true }
    : { words: phrase("card.due", { at: onDay(notice.dueAt), effort: takes }), late: false };
};

const acknowledging = (view: DeliveryView, notice: NoticeView): Button<Phrase> => {
  const action = { do: "acknowledge", delivery: view.id, round: view.round } as const;
  if (notice.ack === "read") return { label: phrase("button.read"), action, primary: true, asks: null };
  if (notice.ack === "evidence")
    return { label: phrase("button.evidence"), action, primary: true, asks: phrase("ask.evidence") };
  return { label: phrase("button.undertake", { name: view.reader.name }), action, primary: true, asks: null };
};

const buttons = (view: DeliveryView, notice: NoticeView, now: Date): readonly Button<Phrase>[] => {
  if (isOpen(notice)) return [acknowledging(view, notice)];
  const own = ownAnswer(notice);
  if (notice.state !== "published" || !own || now.getTime() - own.at.getTime() > TAKE_BACK_MS) return [];
  const action = { do: "take-back", delivery: view.id, round: view.round } as const;
  return [{ label: phrase("button.take-back"), action, primary: false, asks: null }];
};

const notes = (view: DeliveryView, notice: NoticeView): readonly Phrase[] => {
  const found: Phrase[] = [];
  const units = [...new Set(notice.duties.map(({ unitName }) => unitName))];
  if (units.length > 0) found.push(phrase("card.why", { units: units.join(" · "), count: units.length }));
  if (notice.duties.some(({ deputy }) => deputy)) found.push(phrase("card.why.deputy"));
  if (notice.text.locale !== view.reader.locale) found.push(phrase("card.other-language"));
  if (view.repeat) found.push(phrase("card.repeat"));
  return found;
};

/** The card of a notice: urgency and number, title, what is asked, due, and where it stands for its reader. */
export const noticeScreen = (view: DeliveryView, notice: NoticeView, now: Date): Screen<Phrase> => {
  const { blocks, complete } = excerpt(notice.text.content);
  const first = { number: shortNumber(notice.number), title: notice.text.title };
  return screen({
    standing: standing(notice, view.reader.name),
    urgency: URGENCY[notice.urgency],
    number: notice.number,
    title: { text: notice.text.title, locale: notice.text.locale },
    content: { short: blocks, rest: complete ? null : notice.text.content },
    lines: [phrase("card.issuer", { name: notice.issuerName })],
    due: due(notice, now),
    notes: notes(view, notice),
    buttons: buttons(view, notice, now),
    fallback:
      isOpen(notice) && notice.dueAt
        ? phrase("card.fallback.due", { ...first, at: onDay(notice.dueAt) })
        : phrase("card.fallback", first),
  });
};
