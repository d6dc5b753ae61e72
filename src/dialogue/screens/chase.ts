import { shortNumber } from "../../domain/notice.ts";
import { isLate } from "../../domain/obligation.ts";
import type { Phrase } from "../phrase.ts";
import { onDay, phrase } from "../phrase.ts";
import type { Button, Item, Screen } from "../screen.ts";
import { screen } from "../screen.ts";
import type { DeliveryView, NoticeView, StuckView, TodoView } from "../view.ts";
import { bypassStanding } from "./bypass.ts";
import { MOST_ITEMS, todoItem } from "./list.ts";
import { isOpen, noticeScreen } from "./notice.ts";

/** The same card as the notice's, with the words that it is still waited for in place of the author's. */
export const reminderScreen = (view: DeliveryView, notice: NoticeView, now: Date): Screen<Phrase> => {
  const card = noticeScreen(view, notice, now);
  if (!isOpen(notice)) return card;
  const late = notice.dueAt !== null && isLate(notice.dueAt, now);
  const lead = phrase(late ? "remind.late" : "remind.lead", { number: shortNumber(notice.number) });
  const content = card.content && { ...card.content, short: [], rest: notice.text.content };
  return { ...card, lead: null, lines: [lead], content, notes: card.notes.slice(0, 1) };
};

const contact = ({ who, phone }: StuckView): Phrase | null => {
  if (who === null) return phrase("stuck.nobody");
  return phone === null ? phrase("stuck.who", { name: who }) : phrase("stuck.who.phone", { name: who, phone });
};

const detailOf = (owed: StuckView): Phrase | null => {
  const who = contact(owed);
  if (owed.task) return who && phrase(`task.${owed.task.kind}`, { who });
  return owed.dueAt && who ? phrase("stuck.detail", { at: onDay(owed.dueAt), who }) : who;
};

const stuckItem = (owed: StuckView): Item<Phrase> => ({
  title: phrase("proxy.title", { unit: owed.unitName, number: shortNumber(owed.number) }),
  detail: detailOf(owed),
  button: owed.task
    ? {
        label: phrase(`button.task.${owed.task.kind}`),
        action: { do: "task-done", task: owed.task.id },
        primary: false,
        asks: null,
      }
    : {
        label: phrase("button.proxy"),
        action: { do: "proxy", obligation: owed.obligation, generation: owed.generation },
        primary: true,
        asks: phrase("ask.proxy-reason"),
      },
});

const ANSWER_FOR: Button<Phrase> = {
  label: phrase("button.proxy-list"),
  action: { do: "proxy-list", from: 0 },
  primary: false,
  asks: null,
};

const headOf = (view: DeliveryView, { items, open, total }: NonNullable<DeliveryView["stuck"]>): Phrase => {
  const [first] = items;
  if (view.kind === "task") return phrase("task.head", { count: open });
  if (view.kind === "above") return phrase("above.head", { total, open });
  return first?.who
    ? phrase("deputy.head", { name: first.who, unit: first.unitName })
    : phrase("deputy.head.vacant", { unit: first?.unitName ?? "" });
};

/** What is stuck: to a deputy, to the unit above, or to those who have to call or go there. */
export const stuckScreen = (view: DeliveryView): Screen<Phrase> => {
  const { stuck } = view;
  if (!stuck || stuck.items.length === 0) {
    const done = phrase("stuck.none");
    return screen({ lines: [done], fallback: done });
  }
  const head = headOf(view, stuck);
  const more = stuck.open - stuck.items.length;
  return screen({
    standing: bypassStanding(view),
    lines: more > 0 ? [head, phrase("stuck.more", { count: more })] : [head],
    items: stuck.items.map(stuckItem),
    notes: view.repeat ? [phrase("card.repeat")] : [],
    buttons: more > 0 || view.kind === "task" ? [ANSWER_FOR] : [],
    fallback: head,
  });
};

/** A digest has seven items at most, and two buttons that answer several of them at once. */
const MOST_IN_DIGEST = MOST_ITEMS - 1;

const BATCHES = [
  ["read", "button.batch.read"],
  ["undertake", "button.batch.undertake"],
] as const;

/** One tap for everything of one kind. What asks for evidence, or warns, is never in it. */
const batches = (view: DeliveryView, shown: readonly TodoView[]): readonly Button<Phrase>[] =>
  BATCHES.flatMap(([ack, key]) => {
    const count = shown.filter((todo) => todo.ack === ack && todo.batch).length;
    if (count < 2) return [];
    return [
      {
        label: phrase(key, { count }),
        action: { do: "acknowledge-all", delivery: view.id, ack },
        primary: true,
        asks: null,
      } as const,
    ];
  }).slice(0, 1);

const counted = (todo: readonly TodoView[], now: Date, dayEnds: Date | null) => {
  const late = todo.filter(({ dueAt }) => dueAt && isLate(dueAt, now)).length;
  const due = todo.filter(({ dueAt }) => dueAt && !isLate(dueAt, now) && dayEnds && dueAt < dayEnds).length;
  return { late, due, fresh: todo.filter(({ fresh }) => fresh).length };
};

/** The morning's one message: what is overdue, what is due today, what is new. */
export const digestScreen = (view: DeliveryView, now: Date): Screen<Phrase> => {
  const { todo, below } = view;
  if (todo.length === 0 && below === 0)
    return screen({ lines: [phrase("todo.empty")], fallback: phrase("todo.empty") });
  const head = phrase("digest.head", { name: view.reader.name, ...counted(todo, now, view.dayEnds) });
  const shown = todo.slice(0, MOST_IN_DIGEST);
  const more = todo.length - shown.length;
  const lines = [
    head,
    ...(below > 0 ? [phrase("digest.below", { count: below })] : []),
    ...(more > 0 ? [phrase("digest.more", { count: more })] : []),
  ];
  const onward: readonly Button<Phrase>[] = [
    ...(below > 0 ? [ANSWER_FOR] : []),
    ...(more > 0
      ? [{ label: phrase("button.todo"), action: { do: "todo" }, primary: false, asks: null } as const]
      : []),
  ];
  return screen({
    lines,
    items: shown.map((each) => todoItem(each, view.reader.name)),
    buttons: [...batches(view, shown), ...onward],
    notes: view.repeat ? [phrase("card.repeat")] : [],
    fallback: head,
  });
};

/** Whether a message that was not sent yet is of no use any more: everything it asks for has been done. */
export const isMoot = (view: DeliveryView): boolean => {
  if (view.sentAt !== null) return false;
  if (view.kind === "reminder") return !view.notice || !isOpen(view.notice);
  if (view.kind === "deputy" || view.kind === "above" || view.kind === "task") return (view.stuck?.open ?? 0) === 0;
  return view.kind === "digest" && view.todo.length === 0 && view.below === 0;
};
