import type { JobsOptions, Worker } from "bullmq";
import type { Pool } from "pg";
import type { Log } from "../ports/log.ts";
import type { Hint, Queue } from "../ports/queue.ts";
import { type Backend, databaseBackend, redisBackend } from "./backend.ts";

export interface QueueOptions {
  readonly redisUrl: string | null;
  /** Carries the queue where there is no Redis. */
  readonly pool: Pool;
  readonly log: Log;
}

/** Whoever hints waits no longer than this: a lost hint costs seconds, a hanging request costs a person. */
const HINT_MS = 2_500;

interface Job {
  readonly name: string;
  readonly data: Hint;
  readonly opts: JobsOptions;
}

/**
 * One hint of a kind and id waits at most; while it is being worked on, one more may follow it, so that nothing that
 * happens meanwhile is overlooked.
 */
const jobOf = (hint: Hint): Job => ({
  name: hint.name,
  data: hint,
  opts: {
    deduplication: { id: `${hint.name}-${hint.id}`, keepLastIfActive: true },
    removeOnComplete: true,
    removeOnFail: true,
    attempts: 1,
  },
});

/** The id is the job's own: what waits already is not added again, and nothing is left of it once it was taken. */
const laterJobOf = ({ hint, afterMs }: { readonly hint: Hint; readonly afterMs: number }): Job => ({
  name: hint.name,
  data: hint,
  opts: {
    ...{ jobId: `${hint.name}-${hint.id}`, delay: afterMs, attempts: 1 },
    ...{ removeOnComplete: true, removeOnFail: true },
  },
});

const within = async (work: Promise<unknown>, ms = HINT_MS): Promise<void> => {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("the queue does not answer")), ms);
  });
  await Promise.race([work, over]).finally(() => clearTimeout(timer));
};

/** What a backend that is away may cost at the end, when everything that people wait for is done. */
const FAREWELL_MS = 3_000;

/** Tells once that something is away, and once that it is back. */
const outage = (log: Log) => {
  let away = false;
  return {
    failed: (err: unknown): void => {
      if (!away) log.warn("queue-lost", { err });
      away = true;
    },
    worked: (): void => {
      if (away) log("queue-back");
      away = false;
    },
  };
};

/** Gives jobs to a backend that may be away: then they are lost, and the sweep does their work. */
const giving =
  ({ queue }: Backend, state: ReturnType<typeof outage>, stopped: () => boolean) =>
  async (jobs: readonly Job[]): Promise<void> => {
    if (jobs.length === 0 || stopped()) return;
    try {
      await within(Promise.all(jobs.map(({ name, data, opts }) => queue.add(name, data, opts))));
      state.worked();
    } catch (err) {
      state.failed(err);
    }
  };

/** Hints on BullMQ: over Redis, or over the database itself. */
export const bullQueue = async ({ redisUrl, pool, log }: QueueOptions): Promise<Queue> => {
  const state = outage(log);
  const backend = redisUrl === null ? databaseBackend(pool) : await redisBackend(redisUrl, state.failed);
  const underWay = new Set<Promise<void>>();
  let worker: Worker<Hint> | null = null;
  let stopped = false;
  backend.queue.on("error", (err) => stopped || state.failed(err));
  const give = giving(backend, state, () => stopped);
  return {
    hint: (...hints) => give(hints.map(jobOf)),
    later: (...hints) => give(hints.map(laterJobOf)),
    async work(run) {
      worker = backend.worker(async (hint, seconds) => {
        state.worked();
        const work = run(hint, seconds).catch((err) => log.error("hint-failed", { hint: hint.name, err }));
        underWay.add(work);
        await work.finally(() => underWay.delete(work));
      });
      worker.on("error", (err) => stopped || state.failed(err));
      void worker.run().catch(state.failed);
    },
    async warnings() {
      const facts = await backend.facts().catch(() => null);
      if (!facts) return [];
      const { policy, persists, old } = facts;
      const found = { evicts: policy !== null && policy !== "noeviction", volatile: persists === false, old };
      return Object.entries(found).flatMap(([word, wrong]) => (wrong ? [word] : []));
    },
    facts: () => backend.facts(),
    ping: () => within(backend.ping()),
    async stop() {
      stopped = true;
      const farewell = Promise.all([worker?.close(), backend.queue.close()]).catch(() => {});
      await Promise.all(underWay);
      // Telling a backend that is away what was done could take for ever, and a hint that stays is harmless.
      await within(farewell, FAREWELL_MS).catch(() => {});
      await backend.close();
    },
  };
};
