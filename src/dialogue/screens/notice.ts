import { excerpt, linesOf } from "../../domain/content.ts";
import type { Urgency } from "../../domain/notice.ts";
import { shortNumber } from "../../domain/notice.ts";
import { isLate, TAKE_BACK_MS } from "../../domain/obligation.ts";
import type { Phrase } from "../phrase.ts";
import { at, onDay, phrase } from "../phrase.ts";
import type { Button, Screen } from "../screen.ts";
import { screen } from "../screen.ts";
import type { AnswerView, DeliveryView, DutyView, NoticeView } from "../view.ts";
import { bypassStanding } from "./bypass.ts";
import { overParts, overStanding } from "./over.ts";
import { renewedContent, renewedLead, renewedTerms } from "./renewed.ts";

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
  if (notice.ack === "evidence") return phrase("card.answered.evidence", values);
  return notice.ack === "read" ? phrase("card.answered.read", values) : phrase("card.answered.undertake", values);
};

const late = (hours: number): Phrase =>
  hours < 48
    ? phrase("card.late.hours", { count: Math.max(1, Math.round(hours)) })
    : phrase("card.late.days", { count: Math.round(hours / 24) });

const standing = (notice: NoticeView, reader: string): Screen<Phrase>["standing"] => {
  const over = overStanding(notice);
  if (over) return over;
  // What others answered is not where it stands for a reader who still owes.
  if (isOpen(notice)) return null;
  if (notice.released && notice.duties.length === 0) return { words: phrase("card.released"), tone: "ended" };
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

/** Whether the reader still owes anything: what is open and not answered by themself. */
export const isOpen = (notice: NoticeView): boolean =>
  notice.state === "published" && notice.duties.some(({ state, answer }) => state === "open" && answer?.by !== "me");

const mayTakeBack = (notice: NoticeView, now: Date): boolean =>
  notice.state === "published" &&
  notice.duties.some(({ answer }) => answer?.by === "me" && now.getTime() - answer.at.getTime() <= TAKE_BACK_MS);

const due = (notice: NoticeView, now: Date): Screen<Phrase>["due"] => {
  if (!isOpen(notice)) return null;
  const takes = effort(notice.seconds);
  if (!notice.dueAt) return { words: phrase("card.takes", { effort: takes }), late: false };
  return isLate(notice.dueAt, now)
    ? { words: phrase("card.overdue", { at: onDay(notice.dueAt) }), late: true }
    : {
        words: phrase(notice.dueProvisional ? "card.due.provisional" : "card.due", {
          at: onDay(notice.dueAt),
          effort: takes,
        }),
        late: false,
      };
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
  if (!mayTakeBack(notice, now)) return [];
  const action = { do: "take-back", delivery: view.id, round: view.round } as const;
  return [{ label: phrase("button.take-back"), action, primary: false, asks: null }];
};

/** Small print, the most needed first; a card has room for two of them. Why it came the version before has said already. */
const notes = (view: DeliveryView, notice: NoticeView): readonly Phrase[] => {
  const found: Phrase[] = [];
  const units = [...new Set(notice.duties.map(({ unitName }) => unitName))];
  if (view.repeat) found.push(phrase("card.repeat"));
  if (notice.text.locale !== view.reader.locale) found.push(phrase("card.other-language"));
  if (notice.previous) return found.slice(0, 1);
  if (notice.duties.some(({ deputy }) => deputy)) found.push(phrase("card.why.deputy"));
  const [unit] = units;
  const why = notice.closing.kind === "everyone" ? "card.why.self" : "card.why";
  if (unit !== undefined) found.push(phrase(why, { unit, count: units.length }));
  return found.slice(0, 2);
};

/** A card has nine lines before its buttons (`ui`); the author's words get what our own leave, and one at least. */
const MOST_LINES = 9;
const LEAST_WORDS = 1;

/** Lines of a sentence of ours around a name, of some twenty columns itself. */
const around = (inside: string): number => linesOf(" ".repeat(20) + inside);

const linesOfPhrase = ({ values }: Phrase): number => {
  const inside = values.unit ?? values.name;
  return typeof inside === "string" ? around(inside) : 1;
};

/** Everything of ours that stands on a card beside the author's words. */
type Ours = Pick<Screen<Phrase>, "standing" | "due" | "notes" | "lines" | "lead">;

const roomForWords = (title: string, { standing: stands, due: dueLine, notes: small, lines, lead }: Ours): number => {
  const meta = 1;
  const state =
    (stands ? (stands.tone === "done" ? 1 : 2) : 0) + (dueLine ? (dueLine.late ? 2 : 1) : 0) + (lead ? 2 : 0);
  const print = [...small, ...lines].reduce((sum, words) => sum + linesOfPhrase(words), 0);
  return Math.max(LEAST_WORDS, MOST_LINES - meta - linesOf(title) - state - print);
};

/** What a push preview shows: how urgent, which, what about, and by when while it is owed. */
const preview = (notice: NoticeView): Phrase => {
  const first = { number: shortNumber(notice.number), title: notice.text.title };
  const rest =
    isOpen(notice) && notice.dueAt
      ? phrase("card.fallback.due", { ...first, at: onDay(notice.dueAt) })
      : phrase("card.fallback", first);
  const urgency = URGENCY[notice.urgency];
  return urgency ? phrase("card.fallback.urgency", { urgency: urgency.words, rest }) : rest;
};

type Content = NonNullable<Screen<Phrase>["content"]>;

/** What an author says, on the card and behind it: the changes of a new version, or else the beginning. */
const words = ({ text, previous }: NoticeView, most: number): Pick<Content, "short" | "rest"> => {
  if (previous?.changes && previous.changes.passages.length > 0) return renewedContent(previous.changes, most);
  const { blocks, complete } = excerpt(text.content, most);
  return { short: blocks, rest: complete ? null : text.content };
};

const head = (notice: NoticeView) => ({
  urgency: URGENCY[notice.urgency],
  number: notice.number,
  title: { text: notice.text.title, locale: notice.text.locale },
  fallback: preview(notice),
});

/** The card of a notice: urgency and number, title, what is asked, due, and where it stands for its reader. */
export const noticeScreen = (view: DeliveryView, notice: NoticeView, now: Date): Screen<Phrase> => {
  const stands = standing(notice, view.reader.name) ?? bypassStanding(view);
  const open = { delivery: view.id, page: view.page };
  if (notice.state !== "published") return screen({ ...head(notice), standing: stands, ...overParts(notice, open) });
  const { previous } = notice;
  const owed = isOpen(notice);
  const ours: Ours = {
    standing: stands,
    due: due(notice, now),
    notes: notes(view, notice),
    lead: previous && renewedLead(previous, owed),
    lines: previous ? renewedTerms(notice, previous, owed) : [phrase("card.issuer", { name: notice.issuerName })],
  };
  return screen({
    ...head(notice),
    ...ours,
    content: { ...words(notice, roomForWords(notice.text.title, ours)), open },
    buttons: buttons(view, notice, now),
  });
};
