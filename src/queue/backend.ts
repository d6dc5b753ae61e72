import type { Queue, Worker } from "bullmq";
import { createPostgresBackend, Queue as RedisQueue, Worker as RedisWorker, withBackend } from "bullmq";
import { Redis } from "ioredis";
import type { Pool } from "pg";
import type { Hint } from "../ports/queue.ts";

type Take = (hint: Hint) => Promise<void>;

/** Where hints lie, and what is worth knowing about it. */
export interface Backend {
  readonly queue: Queue<Hint>;
  worker(take: Take): Worker<Hint>;
  ping(): Promise<void>;
  /** The server's own settings that matter here; nothing for a database. */
  settings(): Promise<{ readonly version: string; readonly policy: string; readonly persists: boolean } | null>;
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

const describe = async (redis: Redis): Promise<Awaited<ReturnType<Backend["settings"]>>> => {
  const facts = await redis.info();
  const fact = (name: string): string => new RegExp(`^${name}:(.*?)\\r?$`, "m").exec(facts)?.[1] ?? "";
  const saves = await redis.config("GET", "save").then(
    (answer) => JSON.stringify(answer),
    () => "",
  );
  return {
    version: fact("redis_version"),
    policy: fact("maxmemory_policy"),
    persists: fact("aof_enabled") === "1" || /\d/.test(saves),
  };
};

/** Until it is connected; or until it is clear that this takes longer than anybody waits. */
const ready = (redis: Redis): Promise<unknown> =>
  new Promise((resolve) => {
    redis.once("ready", resolve);
    setTimeout(resolve, COMMAND_MS).unref();
  });

/** The server's settings are told by `settings`, not by BullMQ on standard error between our lines of JSON. */
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
    queue: new RedisQueue<Hint>(NAME, { ...QUIET, connection: hinting, skipWaitingForReady: true }),
    worker: (take) =>
      new RedisWorker<Hint>(NAME, ({ data }) => take(data), { ...WORK, ...QUIET, connection: taking, autorun: false }),
    ping: async () => void (await hinting.ping()),
    settings: () => describe(hinting),
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
    queue: new classes.Queue<Hint>(NAME, { connection }) as unknown as Queue<Hint>,
    worker: (take) =>
      new classes.Worker<Hint>(NAME, ({ data }) => take(data), {
        ...WORK,
        connection,
        autorun: false,
      }) as unknown as Worker<Hint>,
    ping: async () => void (await pool.query("SELECT 1")),
    settings: async () => null,
    close: async () => {},
  };
};
