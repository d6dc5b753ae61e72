import { setTimeout as sleep } from "node:timers/promises";
import { openDatabase } from "../../src/database/open-database.ts";
import { parseMarkdown } from "../../src/files/markdown.ts";
import { openKeys } from "../../src/keys/keys.ts";
import { openLedger } from "../../src/ledger/ledger.ts";
import { bullQueue } from "../../src/queue/bull-queue.ts";
import { publishNotice } from "../../src/services/publish-notice.ts";
import { openPrisma } from "../../src/store/client.ts";
import { noticeStore } from "../../src/store/notices.ts";
import { anyHour } from "../calendars.ts";
import { newKeys } from "../processes/keys.ts";
import { type Environment, endPrograms, type Program, start } from "../processes/program.ts";
import { TELEGRAM } from "../scripted/habits.ts";
import { compiled } from "../setup/ask.ts";
import { startPostgres, startRedis } from "../setup/database.ts";
import { testLog } from "../setup/log.ts";
import type { Unusual } from "../setup/servers.ts";
import { tcpProxy } from "../setup/tcp-proxy.ts";
import { watchReceipts } from "./oracle.ts";
import { draftNotice, town } from "./town.ts";

/** A process of the service. */
export interface Member {
  readonly name: string;
  /** The same after each start. */
  readonly origin: () => string;
  readonly program: () => Program;
  /** Starts it again where it has ended, and waits until it is at work. */
  restart(environment?: Environment, node?: readonly string[]): Promise<void>;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
}

export interface WorldOptions {
  readonly people: number;
  /** How long the platform takes to answer, and how many requests one worker has under way. */
  readonly answerMs?: number;
  readonly lanes?: number;
  readonly postgres?: Unusual;
  readonly redis?: { readonly under?: string };
  readonly environment?: Environment;
  /** Whether some take their answers back; where clocks jump, that may be too late. */
  readonly fickle?: boolean;
  readonly webs?: number;
  readonly workers?: number;
}

/** A process of the service with a platform of the tests. */
const MEMBER = await compiled("test/survive/member.ts");
const START_MS = 180_000;

const members = (env: Environment, orders: object) => {
  const launch = async (name: string, environment: Environment, node: readonly string[] = []) => {
    const role = name.split(" ")[0] as string;
    const program = start([role, JSON.stringify(orders)], { ...env, ...environment }, node, [MEMBER]);
    const [, origin = ""] = await program.prints(/Chuanda is running: (http:\S+)/, START_MS);
    return { program, origin };
  };
  return async (name: string, first: Environment = {}): Promise<Member> => {
    let running = await launch(name, { PORT: "0", ...first });
    const { port } = new URL(running.origin);
    return {
      name,
      origin: () => running.origin,
      program: () => running.program,
      restart: async (environment = first, node = []) => {
        running = await launch(name, { PORT: port, ...environment }, node);
      },
      kill: async () => {
        running.program.signal("SIGKILL");
        await running.program.ended;
      },
    };
  };
};

/**
 * Real processes of the service on a PostgreSQL and a Redis of their own, a platform that behaves like Telegram, and the
 * people of a town. Redis is reached through a proxy.
 */
export const openWorld = async (options: WorldOptions) => {
  const { people, answerMs = 60, lanes = 10, webs = 2, workers = 2 } = options;
  const [postgres, redis, there] = await Promise.all([
    startPostgres({
      ...options.postgres,
      settings: ["deadlock_timeout=100ms", "synchronous_commit=on", ...(options.postgres?.settings ?? [])],
    }),
    startRedis({ persistence: "aof", ...options.redis }),
    TELEGRAM.server(),
  ]);
  const proxy = await tcpProxy(Number(new URL(redis.url).port));
  there.chats.plan({ on: "send", times: Number.POSITIVE_INFINITY, trouble: { kind: "slow", ms: answerMs } });
  const secrets = newKeys();
  const env = {
    ...{ DATABASE_URL: postgres.url, REDIS_URL: `redis://127.0.0.1:${proxy.port}`, ...secrets },
    ...{ LOG_LEVEL: "info", ...options.environment },
  };
  const log = testLog();
  const database = await openDatabase({ url: postgres.url, dataDir: "", log, onDeath: () => {} });
  await database.migrate();
  const db = openPrisma(database.pool);
  const keys = openKeys(secrets.SECRET_KEY);
  const ledger = openLedger(secrets.LEDGER_KEY);
  await watchReceipts(db);
  const begin = members(env, { platformUrl: there.url, lanes });
  const names = (role: string, count: number) => Array.from({ length: count }, (_, at) => `${role} ${at + 1}`);
  // The first one writes down which keys fit.
  const first = await begin("web 1");
  const [others, citizens] = await Promise.all([
    Promise.all([...names("web", webs).slice(1), ...names("worker", workers)].map((name) => begin(name))),
    town({ db, keys, there }, people, options.fickle ?? true),
  ]);
  const queue = await bullQueue({ redisUrl: redis.url, pool: null as never, log });
  const publishing = {
    ...{ notices: noticeStore(db, ledger.entryBytes), calendars: anyHour, queue },
    ...{ clock: { now: () => new Date(), real: () => new Date() }, parse: parseMarkdown },
    platforms: ["scripted-telegram"] as const,
  };
  const all = [first, ...others];
  return {
    ...{
      postgres,
      redis,
      proxy,
      there,
      db,
      pool: database.pool,
      keys,
      ledger,
      queue,
      citizens,
      lanes,
      secrets,
      env,
      begin,
    },
    webs: all.filter(({ name }) => name.startsWith("web")),
    workers: all.filter(({ name }) => name.startsWith("worker")),
    /** Publishes a notice to everybody and returns its number. Rejects where it could not be. */
    publish: async (draft = draftNotice()): Promise<string> => {
      const done = await publishNotice(publishing, draft, null);
      if (done.kind !== "published") throw new Error(done.kind);
      return draft.number;
    },
    close: async () => {
      await endPrograms();
      await queue.stop();
      await db.$disconnect();
      await database.close();
      await Promise.all([postgres.stop(), redis.stop(), proxy.close(), there.close()]);
    },
  };
};

export type World = Awaited<ReturnType<typeof openWorld>>;

/** What a process says about whether it is ready; null where it does not answer within two seconds. */
export const readiness = async ({ origin }: Pick<Member, "origin">) => {
  try {
    const response = await fetch(`${origin()}/readyz`, { signal: AbortSignal.timeout(2_500) });
    const { checks } = (await response.json()) as { readonly checks: Readonly<Record<string, string>> };
    return { status: response.status, checks };
  } catch {
    return null;
  }
};

export const everybody = ({ webs, workers }: World): readonly Member[] => [...webs, ...workers];

/** Waits until all of these are ready; returns how long that took, in milliseconds. */
export const untilReady = async (all: readonly Member[], ms = 60_000): Promise<number> => {
  const asked = Date.now();
  for (;;) {
    const states = await Promise.all(all.map(readiness));
    if (states.every((state) => state?.status === 200)) return Date.now() - asked;
    if (Date.now() - asked > ms) {
      const silent = all.filter((_, at) => states[at]?.status !== 200);
      const last = silent.map(({ name, program }) => `${name}: ${program().err().slice(-1_500)}`);
      throw new Error(`not ready after ${ms} ms: ${JSON.stringify(states)}\n${last.join("\n")}`);
    }
    await sleep(50);
  }
};
