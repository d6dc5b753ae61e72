import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline/promises";
import { SEAT_NAMES } from "./cli/shelf.ts";
import type { Terminal } from "./cli/terminal.ts";
import type { Config } from "./config.ts";
import { phrase } from "./dialogue/phrase.ts";
import type { Locale } from "./domain/language.ts";
import { drawCard } from "./platforms/terminal/draw-card.ts";
import { type NumberedButton, readLine } from "./platforms/terminal/read-line.ts";
import type { WindowMessage } from "./platforms/terminal/terminal.ts";
import type { Log } from "./ports/log.ts";
import { recorder } from "./record-talk.ts";
import { openTalk, type Talk } from "./talk.ts";

type Seat = (typeof SEAT_NAMES)[number];

interface Asked {
  readonly as: Seat | null;
  readonly record: string | null;
  readonly locale: Locale | null;
}

/** Stands over a message that was there before and looks different now. */
const REDRAWN = "↻";

/** What is printed for whoever sits here now; what comes for the others waits for them. */
const screen = (terminal: Terminal, record: ReturnType<typeof recorder>) => {
  const buttons = new Map<number, NumberedButton>();
  let numbers = 0;
  const waiting = new Map<string, WindowMessage[]>();
  /** Nobody until somebody sits down. */
  let seat: Seat | null = null;
  const print = ({ ref, card }: WindowMessage): void => {
    const number = (button: { label: string; action: NumberedButton["action"]; asks: string | null }): number => {
      numbers += 1;
      buttons.set(numbers, { ref, ...button });
      return numbers;
    };
    for (const line of drawCard(card, number)) terminal.out(line);
    terminal.out("");
    record.saw(card);
  };
  return {
    buttons,
    seat: () => seat ?? "principal",
    show: (chat: string, message: WindowMessage, again: boolean): void => {
      if (chat === seat && again) terminal.out(REDRAWN);
      if (chat === seat) print(message);
      else waiting.set(chat, [...(waiting.get(chat) ?? []), message]);
    },
    sit: (next: Seat): void => {
      seat = next;
      // Nobody presses what stands in another one's window.
      buttons.clear();
      record.is(next);
      for (const message of waiting.get(next) ?? []) print(message);
      waiting.delete(next);
    },
  };
};

type Screen = ReturnType<typeof screen>;

const isSeat = (name: string): name is Seat => (SEAT_NAMES as readonly string[]).includes(name);

const told = async (
  talk: Talk,
  { buttons, seat, sit }: Screen,
  line: string,
  terminal: Terminal,
  record: ReturnType<typeof recorder>,
): Promise<void> => {
  const [, wanted = ""] = /^\/as\s+(\w+)$/u.exec(line.trim()) ?? [];
  if (isSeat(wanted)) return sit(wanted);
  const meant = readLine(line, buttons);
  if (!meant) return;
  if (meant.kind === "no-button") return terminal.err(terminal.say(phrase("talk.no-button", { number: meant.number })));
  if (meant.kind === "asks")
    return terminal.err(terminal.say(phrase("talk.asks", { prompt: meant.button.asks ?? "" })));
  if (meant.kind === "press") record.pressed(meant.button.label, meant.text);
  else record.wrote(line.trim(), talk.code);
  const isTaken =
    meant.kind === "press"
      ? await talk.platform.press(seat(), meant.button.ref, meant.button.action, meant.text)
      : await talk.platform.act(seat(), meant.what);
  if (!isTaken) terminal.err(terminal.say(phrase("talk.not-taken")));
};

/** Reads lines until there are no more, or /quit. */
const converse = async (
  talk: Talk,
  show: Screen,
  terminal: Terminal,
  record: ReturnType<typeof recorder>,
): Promise<void> => {
  const lines = createInterface({ input: process.stdin, terminal: false });
  if (process.stdin.isTTY) process.stderr.write("> ");
  for await (const line of lines) {
    if (line.trim() === "/quit") break;
    await told(talk, show, line, terminal, record);
    await talk.settle();
    if (process.stdin.isTTY) process.stderr.write("> ");
  }
  lines.close();
};

const introduce = ({ cast, code }: Talk, terminal: Terminal): void => {
  for (const seat of ["official", "principal", "worker"] as const) {
    const { name, unitName } = cast[seat];
    terminal.err(terminal.say(phrase("talk.seat", { seat, name, unit: unitName })));
  }
  terminal.err(terminal.say(phrase("talk.newcomer", { code })));
  terminal.err(terminal.say(phrase("talk.help")));
};

/** `chuanda talk`: the whole service in this terminal, on embedded parts in a folder that is gone afterwards. */
export const runTalk = async (given: Config, log: Log, asked: Asked, terminal: Terminal): Promise<number> => {
  const dataDir = mkdtempSync(join(tmpdir(), "chuanda-talk-"));
  const config = { ...given, dataDir, locale: asked.locale ?? given.locale };
  const record = recorder(config.locale);
  const show = screen(terminal, record);
  terminal.err(terminal.say(phrase("demo.preparing")));
  try {
    const talk = await openTalk(config, log, show.show);
    await talk.settle();
    introduce(talk, terminal);
    show.sit(asked.as ?? "principal");
    await converse(talk, show, terminal, record);
    await talk.close();
    if (asked.record !== null) {
      writeFileSync(asked.record, record.story(asked.record));
      terminal.err(terminal.say(phrase("talk.recorded", { file: asked.record })));
    }
    return 0;
  } finally {
    rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 });
  }
};
