import { setMaxListeners } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import type { PersonId } from "../domain/ids.ts";
import type { Log } from "../ports/log.ts";
import { client } from "./client.ts";

export interface CrowdParts {
  readonly origin: string;
  readonly log: Log;
  /** A one-time personal link for each of these people, as a path; in their order. */
  links(people: readonly PersonId[]): Promise<readonly string[]>;
  /** People who owe something, without those whom the newcomer plays. */
  waiting(): Promise<readonly PersonId[]>;
  /** What a person says who answers for somebody else. */
  readonly reason: string;
}

/** Out of a hundred: how many never answer, and how many also answer for somebody else. */
const SILENT = 7;
const HELPFUL = 15;
/** How long people take on average to look at their phone, in milliseconds; the first ones are quick. */
const MEAN_MS = 150_000;

/** Waits, unless it is all over before; returns whether it was not. */
const after = (signal: AbortSignal, milliseconds: number): Promise<boolean> =>
  sleep(milliseconds, true, { signal }).catch(() => false);

/** So many act at once at most: a small machine shows a slower crowd, not a broken one. */
const AT_ONCE = 3;

/** Lets a few in at a time, the others wait their turn. */
const gate = () => {
  let inside = 0;
  const waiting: (() => void)[] = [];
  return async <Result>(act: () => Promise<Result>): Promise<Result> => {
    if (inside >= AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
    inside += 1;
    try {
      return await act();
    } finally {
      inside -= 1;
      waiting.shift()?.();
    }
  };
};

const chance = (percent: number): boolean => Math.random() * 100 < percent;

const delay = (): number => 1500 - Math.log(1 - Math.random()) * MEAN_MS;

const live = async (
  parts: CrowdParts,
  link: string,
  turn: ReturnType<typeof gate>,
  signal: AbortSignal,
): Promise<void> => {
  if (!(await after(signal, delay()))) return;
  const person = client(parts.origin);
  await turn(() => person.enter(link));
  while (!signal.aborted && (await turn(person.acknowledge))) await after(signal, 800 + Math.random() * 2000);
  if (chance(HELPFUL) && (await after(signal, 5000))) await turn(() => person.answerForSomebody(parts.reason));
};

/** Simulated people, each a client of the web chat of their own, answer with human delays until they are stopped. */
export const crowd = async (parts: CrowdParts): Promise<{ stop(): Promise<void> }> => {
  const stopped = new AbortController();
  // Everybody waits on the one signal.
  setMaxListeners(0, stopped.signal);
  const people = (await parts.waiting()).filter(() => !chance(SILENT));
  const links = await parts.links(people);
  const turn = gate();
  const lives = links.map((link) =>
    live(parts, link, turn, stopped.signal).catch((err) => {
      if (!stopped.signal.aborted) parts.log.warn("simulated-person-failed", { err });
    }),
  );
  return {
    async stop() {
      stopped.abort();
      await Promise.allSettled(lives);
    },
  };
};
