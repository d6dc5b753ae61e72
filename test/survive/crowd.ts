import { setTimeout as sleep } from "node:timers/promises";
import type { ShownMessage } from "../scripted/chats.ts";
import type { PlatformEvent, ScriptedServer } from "../scripted/scripted-server.ts";
import type { Citizen } from "./town.ts";

/** What people have been told to be so, each by what they did and were answered 200 for. */
export interface Owed {
  readonly state: "open" | "fulfilled";
  readonly generation: number;
}

export interface Crowd {
  /** By the unit. */
  readonly model: ReadonlyMap<bigint, Owed>;
  /** Ids of the platform's events that were answered with 200. */
  readonly taken: readonly string[];
  /** How often the webhook answered what. */
  readonly answers: ReadonlyMap<string, number>;
  /** The longest that one request took to be answered 200, in milliseconds. */
  slowest(): number;
  /** When the last event was taken, on this machine's clock. */
  lastTaken(): number;
  /** Resolves when everybody has answered. */
  readonly done: Promise<void>;
  stop(): void;
}

const AT_ONCE = 20;
const LOOK_MS = 30;
/** A platform that hears nothing for so long asks somebody else. */
const PATIENCE_MS = 3_000;
const AGAIN_MS = 100;

/**
 * The people of a town, in front of a platform that tells the service of each tap again and again, at one address after the
 * other, until it is answered 200: as Telegram does. One person's events come one after another.
 */
export const crowd = (
  there: ScriptedServer,
  origins: readonly string[],
  citizens: readonly Citizen[],
  number: string,
): Crowd => {
  const model = new Map<bigint, Owed>(citizens.map(({ unit }) => [unit, { state: "open", generation: 1 }]));
  const taken: string[] = [];
  const answers = new Map<string, number>();
  let slowest = 0;
  let lastTaken = 0;
  let turn = 0;
  let stopped = false;
  const count = (answer: string) => answers.set(answer, (answers.get(answer) ?? 0) + 1);

  const tellOnce = async (event: PlatformEvent): Promise<boolean> => {
    const { path, headers, body } = there.request(event);
    const origin = origins[turn++ % origins.length] as string;
    const asked = Date.now();
    try {
      const signal = AbortSignal.timeout(PATIENCE_MS);
      const { status } = await fetch(origin + path, { method: "POST", headers, body, signal });
      count(String(status));
      if (status !== 200) return false;
      slowest = Math.max(slowest, Date.now() - asked);
      return true;
    } catch {
      count("none");
      return false;
    }
  };
  const tell = async (event: PlatformEvent): Promise<void> => {
    while (!(await tellOnce(event))) {
      if (stopped) return;
      await sleep(AGAIN_MS);
    }
    taken.push(event.id);
    lastTaken = Date.now();
  };
  const cardsOf = ({ chat }: Citizen): readonly ShownMessage[] =>
    there.chats.shows(chat).filter(({ text }) => text.includes(number));
  /** Of a card that came twice, only one is drawn again. */
  const sees = async (citizen: Citizen, mark: string) => {
    for (;;) {
      for (const { id, buttons } of cardsOf(citizen)) {
        const button = buttons.find(({ label }) => label.startsWith(mark));
        if (button) return { id, data: button.data };
      }
      if (stopped) return null;
      await sleep(LOOK_MS);
    }
  };
  const press = async (citizen: Citizen, mark: string): Promise<boolean> => {
    const seen = await sees(citizen, mark);
    if (!seen) return false;
    await tell(there.tap(citizen.chat, seen.id, seen.data));
    return !stopped;
  };
  const behave = async (citizen: Citizen): Promise<void> => {
    if (!(await press(citizen, "✅"))) return;
    model.set(citizen.unit, { state: "fulfilled", generation: 1 });
    if (citizen.fickle && (await press(citizen, "↩"))) model.set(citizen.unit, { state: "open", generation: 2 });
  };
  /** Whoever has a card, in no particular order, and not all at once. */
  const all = async (): Promise<void> => {
    const waiting = new Set(citizens);
    const busy = new Set<Promise<void>>();
    const send = (citizen: Citizen): void => {
      waiting.delete(citizen);
      const work: Promise<void> = behave(citizen).finally(() => busy.delete(work));
      busy.add(work);
    };
    while (!stopped && waiting.size > 0) {
      const ready = [...waiting].filter((citizen) => cardsOf(citizen).length > 0);
      for (const citizen of ready.slice(0, AT_ONCE - busy.size)) send(citizen);
      await sleep(LOOK_MS);
    }
    await Promise.all(busy);
  };
  return {
    ...{ model, taken, answers },
    slowest: () => slowest,
    lastTaken: () => lastTaken,
    done: all(),
    stop: () => {
      stopped = true;
    },
  };
};
