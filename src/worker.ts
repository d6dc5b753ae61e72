import type { ChatPlatform } from "./ports/chat-platform.ts";
import type { Clock } from "./ports/clock.ts";
import type { Log } from "./ports/log.ts";
import type { Hint, Queue } from "./ports/queue.ts";
import { repeat } from "./repeat.ts";
import type { Dispatcher } from "./services/dispatch.ts";

export interface WorkerParts {
  readonly log: Log;
  readonly clock: Clock;
  readonly queue: Queue;
  readonly dispatchers: ReadonlyMap<ChatPlatform["name"], Dispatcher>;
  /** Works off events; returns how many. */
  answer(): Promise<number>;
  /** Seals what waits for the ledger; returns how many. */
  seal(): Promise<number>;
  sweep(): Promise<unknown>;
  /** Does what is due by the clock, and has itself woken when the next thing is. */
  chase(): Promise<unknown>;
  /** Proves that every clock goes, and starts again those that do not. */
  audit(): Promise<unknown>;
  /** Goes on to people's next platforms; returns for how many. */
  fallBack(): Promise<number>;
}

export interface Worker {
  stop(): Promise<void>;
}

/** Every worker sweeps this often: what a crash or a lost hint left behind is taken up within a few seconds. */
const SWEEP_MS = 2_000;
/** How late people may be asked on their next platform. */
const FALL_BACK_MS = 15_000;
/** How late something may be that is due by the clock, where nobody was woken for it. */
const CHASE_MS = 2_000;
const AUDIT_MS = 60_000;
/** Entries are sealed this often, many at a time. */
const SEAL_MS = 200;

const all = async (work: () => Promise<number>): Promise<void> => {
  while ((await work()) > 0);
};

/** Everything that a worker process does by itself and on hints. */
export const startWorker = async (parts: WorkerParts): Promise<Worker> => {
  const { log, queue, dispatchers } = parts;
  const chase = async (): Promise<void> => {
    await parts.chase();
    for (const dispatcher of dispatchers.values()) dispatcher.wake();
  };
  const run = async (hint: Hint): Promise<void> => {
    if (hint.name === "dispatch") dispatchers.get(hint.id as ChatPlatform["name"])?.wake();
    if (hint.name === "answer") {
      await all(parts.answer);
      for (const dispatcher of dispatchers.values()) dispatcher.wake();
    }
    if (hint.name === "seal") await all(parts.seal);
    if (hint.name === "chase") await chase();
  };
  await queue.work(run);
  const stops = [
    repeat("sweep", SWEEP_MS, parts.sweep, log),
    repeat("chase", CHASE_MS, chase, log),
    repeat("audit", AUDIT_MS, parts.audit, log),
    repeat("answer", SWEEP_MS, () => all(parts.answer), log),
    repeat(
      "fall-back",
      FALL_BACK_MS,
      async () => {
        if ((await parts.fallBack()) > 0) for (const dispatcher of dispatchers.values()) dispatcher.wake();
      },
      log,
    ),
    repeat("seal", SEAL_MS, () => all(parts.seal), log),
  ];
  return {
    async stop() {
      await queue.stop();
      await Promise.all([...stops.map((stop) => stop()), ...[...dispatchers.values()].map(({ stop }) => stop())]);
      await all(parts.seal).catch((err) => log.warn("seal-failed", { err }));
    },
  };
};
