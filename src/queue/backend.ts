import type { Queue, Worker } from "bullmq";
import { createPostgresBackend, Queue as RedisQueue, Worker as RedisWorker, withBackend } from "bullmq";
import { Redis } from "ioredis";
import type { Pool } from "pg";
import type { Hint } from "../ports/queue.ts";
import type { QueueFacts } from "../ports/server-facts.ts";
import { redisFacts } from "./redis-facts.ts";
import { telemetry } from "./telemetry.ts";

/** `seconds` since the hint was given. */
type Take = (hint: Hint, seconds: number) => Promise<void>;

/** Clocks of two machines may disagree. */
const lateness = ({ timestamp }: { readonly timestamp: number }): number => Math.max(0, Date.now() - timestamp) / 1_000;

/** Where hints lie, and what is worth knowing about it. */
export interface Backend {
  readonly queue: Queue<Hint>;
  worker(take: Take): Worker<Hint>;
  ping(): Promise<void>;
  /** What the server tells about itself; nothing for a database. */
  facts(): Promise<QueueFacts | null>;
  close(): Promise<void>;
}

const NAME = "chuanda";
/** A hint of a dead process is handed out again after this time; a living process renews its hold. */
const LOCK_MS = 8_000;
const WORK = {
  concurrency: 8,
  lockDuration: LOCK_MS,
  stalledInterval: LOCK_MS / 2,
  // A hint is harmless however often it is taken; only lost ones cost time.
  maxStalledCount: 1_000,
} as const;

/** A command that Redis does not answer fails after this time, so that nothing hangs on a black hole. */
const COMMAND_MS = 2_000;
/** A connection on which an answer is this long overdue is begun anew: nobody else would ever tell that it is dead. */
const SILENT_MS = 5_000;
/** Longer than BullMQ waits for the next hint in one command. */
const WAITING_MS = 15_000;

/** Until it is connected; or until it is clear that this takes longer than anybody waits. */
const ready = (redis: Redis): Promise<unknown> =>
  new Promise((resolve) => {
    redis.once("ready", resolve);
    setTimeout(resolve, COMMAND_MS).unref();
  });

/** The server's settings are told by `facts`, not by BullMQ on standard error between our lines of JSON. */
const QUIET = { skipVersionCheck: true } as const;

export const redisBackend = async (url: string, onError: (err: Error) => void): Promise<Backend> => {
  const patient = { maxRetriesPerRequest: null, retryStrategy: (times: number) => Math.min(times * 100, 1_000) };
  // Whoever hints does not wait for a Redis that is away; whoever takes hints waits for as long as it takes.
  const hinting = new Redis(url, {
    ...patient,
    enableOfflineQueue: false,
    commandTimeout: COMMAND_MS,
    socketTimeout: SILENT_MS,
  });
  const taking = new Redis(url, { ...patient, socketTimeout: WAITING_MS });
  for (const redis of [hinting, taking]) redis.on("error", onError);
  await ready(hinting);
  return {
    queue: new RedisQueue<Hint>(NAME, { ...QUIET, ...telemetry(), connection: hinting, skipWaitingForReady: true }),
    worker: (take) =>
      new RedisWorker<Hint>(NAME, (job) => take(job.data, lateness(job)), {
        ...WORK,
        ...QUIET,
        ...telemetry(),
        connection: taking,
        autorun: false,
      }),
    ping: async () => void (await hinting.ping()),
    facts: () => redisFacts(hinting),
    close: async () => {
      hinting.disconnect();
      taking.disconnect();
    },
  };
};

export const databaseBackend = (pool: Pool): Backend => {
  const classes = withBackend(createPostgresBackend);
  const connection = pool as never;
  return {
    queue: new classes.Queue<Hint>(NAME, { ...telemetry(), connection }) as unknown as Queue<Hint>,
    worker: (take) =>
      new classes.Worker<Hint>(NAME, (job) => take(job.data, lateness(job)), {
        ...WORK,
        ...telemetry(),
        connection,
        autorun: false,
      }) as unknown as Worker<Hint>,
    ping: async () => void (await pool.query("SELECT 1")),
    facts: async () => null,
    close: async () => {},
  };
};
