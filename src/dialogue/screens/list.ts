import { shortNumber } from "../../domain/notice.ts";
import type { Phrase } from "../phrase.ts";
import { onDay, phrase } from "../phrase.ts";
import type { Button, Item, Screen } from "../screen.ts";
import { screen } from "../screen.ts";
import type { DeliveryView, ProxyView, TodoView } from "../view.ts";

const dueWords = (dueAt: Date | null): Phrase | null => dueAt && phrase("list.due", { at: onDay(dueAt) });

const answerButton = (todo: TodoView, reader: string): Button<Phrase> => {
  if (todo.fresh || todo.ack === "none")
    return {
      label: phrase("button.open"),
      action: { do: "open", delivery: todo.delivery },
      primary: false,
      asks: null,
    };
  const action = { do: "acknowledge", delivery: todo.delivery, round: todo.round } as const;
  if (todo.ack === "read") return { label: phrase("button.read"), action, primary: true, asks: null };
  if (todo.ack === "evidence")
    return { label: phrase("button.evidence"), action, primary: true, asks: phrase("ask.evidence") };
  return { label: phrase("button.undertake", { name: reader }), action, primary: true, asks: null };
};

/** A card takes ten buttons at most. */
export const MOST_ITEMS = 8;

export const todoItem = (todo: TodoView, reader: string): Item<Phrase> => ({
  title: phrase("list.title", { number: shortNumber(todo.number), title: todo.title }),
  detail: dueWords(todo.dueAt),
  button: answerButton(todo, reader),
});

/** What a person owes, the earliest due first. An empty list is good news and says so. */
export const todoScreen = (view: Pick<DeliveryView, "todo" | "reader">): Screen<Phrase> => {
  if (view.todo.length === 0) return screen({ lines: [phrase("todo.empty")], fallback: phrase("todo.empty") });
  const head = phrase("todo.head", { count: view.todo.length });
  const more = view.todo.length - MOST_ITEMS;
  return screen({
    lines: more > 0 ? [head, phrase("todo.more", { shown: MOST_ITEMS, count: more })] : [head],
    items: view.todo.slice(0, MOST_ITEMS).map((todo) => todoItem(todo, view.reader.name)),
    fallback: head,
  });
};

const proxyItem = (owed: ProxyView): Item<Phrase> => ({
  title: phrase("proxy.title", { unit: owed.unitName, number: shortNumber(owed.number) }),
  detail: owed.state === "open" ? dueWords(owed.dueAt) : phrase("proxy.answered"),
  button:
    owed.state === "open"
      ? {
          label: phrase("button.proxy"),
          action: { do: "proxy", obligation: owed.obligation, generation: owed.generation },
          primary: true,
          asks: phrase("ask.proxy-reason"),
        }
      : null,
});

/** The open units that a deputy or an official above may answer for, a page at a time. */
export const proxyScreen = (view: DeliveryView): Screen<Phrase> => {
  const page = view.proxy;
  if (!page || page.items.length === 0) {
    const empty = phrase("proxy.empty");
    return screen({ lines: [empty], fallback: empty });
  }
  const head = phrase("proxy.head", { count: page.total });
  const more = page.next;
  return screen({
    lines: [head, phrase("proxy.note")],
    items: page.items.map(proxyItem),
    buttons:
      more === null
        ? []
        : [{ label: phrase("button.more"), action: { do: "proxy-list", from: more }, primary: false, asks: null }],
    fallback: head,
  });
};
