import type { DeliveryId } from "../../src/domain/ids.ts";
import { eventually } from "../scripted/eventually.ts";
import { TELEGRAM } from "../scripted/habits.ts";
import type { Recipient } from "../scripted/office.ts";
import { overPostgres } from "../scripted/open.ts";
import { parts } from "../scripted/parts.ts";
import { endWorkers, startWorkerProcess, type WorkerProcess } from "./workers.ts";

/** Requests that one worker keeps under way, and what it may have sent without having noted it (`design.md` §3). */
const CONCURRENCY = 10;
export const MOST_DOUBTS = CONCURRENCY + 50;

interface Servers {
  readonly postgres: Parameters<typeof overPostgres>[0];
  readonly redisUrl: string;
}

/** A broadcast to many, worked off by processes that something happens to. */
export const broadcast = async ({ postgres, redisUrl }: Servers, answerMs: number) => {
  const base = await overPostgres(postgres);
  const all = parts(base.db);
  const there = await TELEGRAM.server();
  there.chats.plan({ on: "send", times: Number.POSITIVE_INFINITY, trouble: { kind: "slow", ms: answerMs } });
  const workers: WorkerProcess[] = [];

  const settled = async (ids: readonly DeliveryId[]) => {
    const rows = await base.db.delivery.groupBy({ by: ["state"], where: { id: { in: [...ids] } }, _count: true });
    return Object.fromEntries(rows.map(({ state, _count: count }) => [state, count]));
  };
  return {
    ...{ all, db: base.db, chats: there.chats },
    start: async (name: string): Promise<WorkerProcess> => {
      const orders = { name, databaseUrl: postgres.url, redisUrl, platformUrl: there.url, concurrency: CONCURRENCY };
      const worker = await startWorkerProcess(orders);
      workers.push(worker);
      return worker;
    },
    publish: async (count: number, lane: "urgent" | "bulk" = "bulk") => {
      const chats = Array.from({ length: count }, () => there.newChat());
      for (const chat of chats) there.chats.open(chat);
      const to = await all.office.people("scripted-telegram", chats);
      const at = all.clock.now();
      const ids = await all.office.deliver(to, await all.office.notice(at), lane, at);
      return { to, ids };
    },
    /** Until so many requests have come to the platform. */
    sent: (count: number) =>
      eventually(
        () => there.chats.requests.length,
        (found) => found >= count,
        20_000,
      ),
    /** Until nothing waits and nobody holds anything; tells where all of it stands. */
    over: (ids: readonly DeliveryId[], ms = 10_000) =>
      eventually(
        () => settled(ids),
        ({ pending = 0, sending = 0 }) => pending + sending === 0,
        ms,
      ),
    received: (to: readonly Recipient[]): readonly number[] => to.map(({ chat }) => there.chats.shows(chat).length),
    close: async () => {
      await Promise.all(workers.map((worker) => worker.stop().catch(() => null)));
      await endWorkers();
      await there.close();
      await base.close();
      if (there.chats.violations.length > 0) throw new Error(there.chats.violations.join("\n"));
    },
  };
};

export type Broadcast = Awaited<ReturnType<typeof broadcast>>;
