import type { Action } from "../../dialogue/action.ts";
import type { Card } from "../../dialogue/screen.ts";
import { tooMuch } from "../../dialogue/too-much.ts";
import type { Address } from "../../domain/address.ts";
import type { SendOutcome } from "../../domain/delivery.ts";
import type { ChatPlatform, Incoming, Limits } from "../../ports/chat-platform.ts";
import { inlet } from "../inlet.ts";

/** A message as it stands in somebody's window. */
export interface WindowMessage {
  readonly ref: string;
  readonly card: Card;
}

export interface TerminalParts {
  /** Somebody's window shows something new, or anew. */
  readonly onShow: (chat: string, message: WindowMessage, again: boolean) => void;
  /** Real time, for deadlines. */
  readonly real: () => Date;
  /** Random, so that no event is ever taken for one of an earlier run. */
  readonly newId: () => string;
}

export interface TerminalPlatform extends ChatPlatform {
  /** Opens a window for somebody; whoever has none is not reached. */
  open(chat: string): void;
  /** What stands in a window, the oldest first. */
  shows(chat: string): readonly WindowMessage[];
  /** Does something at a window. False when nobody takes it, or it could not be stored; it may then be done again. */
  act(chat: string, what: Incoming["what"], id?: string): Promise<boolean>;
  press(chat: string, ref: string, action: Action, text: string | null, id?: string): Promise<boolean>;
}

const LIMITS: Limits = {
  text: 20_000,
  buttons: 50,
  buttonBytes: 32,
  perSecond: null,
  redraws: null,
  perChat: null,
  perGroup: null,
  isGroup: () => false,
  concurrency: 8,
  editSeconds: null,
  receipts: false,
  idempotent: true,
};

interface Window {
  readonly messages: WindowMessage[];
  /** Refs by the key of their sending: sending again under one key is sending once. */
  readonly keys: Map<string, string>;
}

const windows = ({ onShow }: TerminalParts) => {
  const open = new Map<string, Window>();
  let serial = 0;
  const write = (chat: string, card: Card, key: string): SendOutcome => {
    const window = open.get(chat);
    if (!window) return { kind: "gone", why: "unknown-chat" };
    const known = window.keys.get(key);
    if (known !== undefined) return { kind: "sent", ref: known };
    serial += 1;
    const message = { ref: String(serial), card };
    window.keys.set(key, message.ref);
    window.messages.push(message);
    onShow(chat, message, false);
    return { kind: "sent", ref: message.ref };
  };
  const rewrite = (chat: string, ref: string, card: Card): SendOutcome => {
    const messages = open.get(chat)?.messages;
    if (!messages) return { kind: "gone", why: "unknown-chat" };
    const at = messages.findIndex((message) => message.ref === ref);
    const before = messages[at];
    if (!before) return { kind: "refused", why: "unknown-message" };
    if (JSON.stringify(before.card, text) === JSON.stringify(card, text)) return { kind: "sent", ref };
    messages[at] = { ref, card };
    onShow(chat, { ref, card }, true);
    return { kind: "sent", ref };
  };
  return { open, write, rewrite };
};

/** JSON knows no numbers of 64 bits. */
const text = (_: string, value: unknown): unknown => (typeof value === "bigint" ? String(value) : value);

/** Windows in one process's memory: a chat platform for somebody at a terminal, and for tests of whole talks. */
export const terminalPlatform = (parts: TerminalParts): TerminalPlatform => {
  const { open, write, rewrite } = windows(parts);
  const events = inlet();
  const sending = (card: Card, deadline: Date, work: () => SendOutcome): SendOutcome => {
    if (deadline < parts.real()) return { kind: "later", ms: 1_000, scope: "chat" };
    const why = tooMuch(card, LIMITS);
    return why ? { kind: "refused", why } : work();
  };
  const act: TerminalPlatform["act"] = (chat, what, id = parts.newId()) =>
    events.take({ id, from: { platform: "terminal", chat }, language: null, what }).catch(() => false);
  return {
    name: "terminal",
    limits: LIMITS,
    routes: [],
    start: async (receive) => events.open(receive),
    stop: () => events.close(),
    send: async ({ chat }: Address, card, { key, deadline }) => sending(card, deadline, () => write(chat, card, key)),
    redraw: async ({ chat }: Address, ref, card, { deadline }) =>
      sending(card, deadline, () => rewrite(chat, ref, card)),
    open: (chat) => void open.set(chat, open.get(chat) ?? { messages: [], keys: new Map() }),
    shows: (chat) => open.get(chat)?.messages ?? [],
    act,
    press: (chat, ref, action, words, id) => act(chat, { kind: "press", action, text: words, ref }, id),
  };
};
