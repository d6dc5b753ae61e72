import { fork } from "node:child_process";
import { once } from "node:events";
import { Queue, Worker } from "bullmq";
import { Bot } from "grammy";
import { Redis } from "ioredis";
import { Telegraf } from "telegraf";
import { Pool } from "undici";
import { eventually } from "../scripted/eventually.ts";
import { overPostgres } from "../scripted/open.ts";
import { parts } from "../scripted/parts.ts";
import { freshPostgres, redisUrl } from "../setup/database.ts";
import type { Asked, Bench, Row } from "./bench.ts";
import { median } from "./bench.ts";
import { startSender } from "./sender.ts";

const RECIPIENTS = 10_000;
const MANY = 1_000_000;
const CONCURRENCY = 50;
const ROUNDS = 3;
/** At once, which no platform does and which shows what each message costs; and as platforms do. */
const ANSWERS_AFTER_MS = [0, 50] as const;
const TOKEN = "7000000001:AAE-of_the-fanout-bench";
const TEXT = "字".repeat(60);

interface Ran {
  readonly speed: number;
  /** Milliseconds of CPU for a thousand messages. */
  readonly cpu: number;
}

type Contender = (url: string, count: number) => Promise<Ran>;

const startStub = async (answersAfterMs: number) => {
  const child = fork(new URL("./stub.ts", import.meta.url), [String(answersAfterMs)], {
    execArgv: ["--import", "tsx"],
  });
  const [port] = (await once(child, "message")) as [number];
  return { url: `http://127.0.0.1:${port}`, stop: () => child.disconnect() };
};

/** So many at once until all are sent. */
const lanes = async (count: number, send: (at: number) => Promise<unknown>): Promise<Ran> => {
  let next = 0;
  const lane = async () => {
    while (next < count) await send(next++);
  };
  const cpu = process.cpuUsage();
  const began = performance.now();
  await Promise.all(Array.from({ length: CONCURRENCY }, lane));
  const { user, system } = process.cpuUsage(cpu);
  return { speed: (count * 1_000) / (performance.now() - began), cpu: (user + system) / count };
};

const bare: Contender = async (url, count) => {
  const pool = new Pool(url, { connections: CONCURRENCY, pipelining: 1 });
  const headers = { "content-type": "application/json" };
  const ran = await lanes(count, async (at) => {
    const body = JSON.stringify({ chat_id: at, text: TEXT });
    const answer = await pool.request({ path: `/bot${TOKEN}/sendMessage`, method: "POST", headers, body });
    await answer.body.json();
  });
  await pool.close();
  return ran;
};

const telegraf: Contender = (url, count) => {
  const { telegram } = new Telegraf(TOKEN, { telegram: { apiRoot: url } });
  return lanes(count, (at) => telegram.sendMessage(at, TEXT));
};

const grammy: Contender = (url, count) => {
  const { api } = new Bot(TOKEN, { client: { apiRoot: url } });
  return lanes(count, (at) => api.sendMessage(at, TEXT));
};

const jobs: Contender = async (url, count) => {
  const connection = new Redis(await redisUrl(), { maxRetriesPerRequest: null });
  const queue = new Queue("fanout", { connection });
  await queue.addBulk(Array.from({ length: count }, (_, at) => ({ name: "send", data: { at } })));
  const pool = new Pool(url, { connections: CONCURRENCY, pipelining: 1 });
  const headers = { "content-type": "application/json" };
  let done = 0;
  const cpu = process.cpuUsage();
  const began = performance.now();
  const worker = new Worker<{ at: number }>(
    "fanout",
    async ({ data }) => {
      const body = JSON.stringify({ chat_id: data.at, text: TEXT });
      const answer = await pool.request({ path: `/bot${TOKEN}/sendMessage`, method: "POST", headers, body });
      await answer.body.json();
      done += 1;
    },
    { connection, concurrency: CONCURRENCY },
  );
  await eventually(
    () => done,
    (sent) => sent === count,
    300_000,
  );
  const took = performance.now() - began;
  const { user, system } = process.cpuUsage(cpu);
  await worker.close();
  await queue.close();
  await pool.close();
  connection.disconnect();
  return { speed: (count * 1_000) / took, cpu: (user + system) / count };
};

/** Rows in PostgreSQL, addresses decrypted, leases and the limiter on, in a process of its own. */
const ours = async (url: string, count: number): Promise<Ran & { readonly rssMb: number }> => {
  const base = await freshPostgres();
  const open = await overPostgres(base);
  const all = parts(open.db);
  const chats = Array.from({ length: count }, (_, at) => String(100_000_000 + at));
  const to = await all.office.people("telegram", chats);
  const orders = { databaseUrl: base.url, redisUrl: await redisUrl(), apiRoot: url, token: TOKEN };
  const sender = await startSender({ ...orders, perSecond: 10_000, concurrency: CONCURRENCY });
  const left = () => open.db.delivery.count({ where: { state: { in: ["pending", "sending"] } } });
  await all.office.deliver(to, await all.office.notice(all.clock.now()), "bulk", all.clock.now());
  const began = performance.now();
  await eventually(left, (unsent) => unsent === 0, 600_000);
  const took = performance.now() - began;
  const { cpuMs, rssMb } = await sender.stop();
  await open.close();
  return { speed: (count * 1_000) / took, cpu: (cpuMs * 1_000) / count, rssMb };
};

const CONTENDERS: Readonly<Record<string, Contender>> = { telegraf, grammY: grammy, "a BullMQ job each": jobs };

/** Everybody against the bare client, which runs before and after each. */
const compare = async (answersAfterMs: number, count: number, say: Asked["say"]): Promise<readonly Row[]> => {
  const stub = await startStub(answersAfterMs);
  const found = new Map<string, { ratios: number[]; speeds: number[]; cpus: number[] }>();
  let rss = 0;
  const note = (name: string, ran: Ran, client: number): void => {
    const one = found.get(name) ?? { ratios: [], speeds: [], cpus: [] };
    one.ratios.push(ran.speed / client);
    one.speeds.push(ran.speed);
    one.cpus.push(ran.cpu);
    found.set(name, one);
  };
  const chuanda: Contender = async (url, many) => {
    const ran = await ours(url, many);
    rss = Math.max(rss, ran.rssMb);
    return ran;
  };
  for (let round = 0; round < ROUNDS; round++) {
    const others = round === 0 ? Object.entries(CONTENDERS) : [];
    for (const [name, contender] of [["Chuanda", chuanda] as const, ...others]) {
      const before = await bare(stub.url, count);
      const ran = await contender(stub.url, count);
      const after = await bare(stub.url, count);
      note("undici alone", before, before.speed);
      note(name, ran, (before.speed + after.speed) / 2);
      say(`${name}: ${ran.speed.toFixed(0)}/s, undici alone ${before.speed.toFixed(0)} and ${after.speed.toFixed(0)}`);
    }
  }
  stub.stop();
  return [...found].map(([name, { ratios, speeds, cpus }]) => ({
    what: name,
    recipients: count,
    "answered after ms": answersAfterMs,
    "a second": median(speeds),
    "of undici alone": median(ratios).toFixed(2),
    "CPU µs each": median(cpus),
    "peak MB": name === "Chuanda" ? rss : "",
  }));
};

const run = async ({ say, atMost }: Asked): Promise<readonly Row[]> => {
  const rows: Row[] = [];
  for (const ms of ANSWERS_AFTER_MS) rows.push(...(await compare(ms, Math.min(atMost, RECIPIENTS), say)));
  if (atMost < MANY) return rows;
  const stub = await startStub(0);
  const { speed, cpu, rssMb } = await ours(stub.url, MANY);
  stub.stop();
  const many = { "a second": speed, "of undici alone": "", "CPU µs each": cpu, "peak MB": rssMb };
  return [...rows, { what: "Chuanda", recipients: MANY, "answered after ms": 0, ...many }];
};

export const bench: Bench = {
  shows:
    "Sending to a platform that answers: our dispatcher end to end (rows in PostgreSQL, addresses decrypted, leases, the limiter on Redis) in a process of its own, and others, each between two runs of the bare HTTP client.",
  run,
};
