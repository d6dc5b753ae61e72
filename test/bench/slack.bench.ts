import { fork } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { Pool as PgPool } from "pg";
import { Pool } from "undici";
import { WEBHOOK_PATH } from "../../src/platforms/slack/webhook.ts";
import { newKeys } from "../processes/keys.ts";
import { endPrograms, start } from "../processes/program.ts";
import { eventually } from "../scripted/eventually.ts";
import { overPostgres } from "../scripted/open.ts";
import { parts } from "../scripted/parts.ts";
import { freshPostgres, redisUrl } from "../setup/database.ts";
import { signed } from "../slack-server/inbound.ts";
import { slackServer } from "../slack-server/server.ts";
import type { Asked, Bench, Row } from "./bench.ts";
import { quantile } from "./bench.ts";
import { startSender } from "./sender.ts";
import { bareInserts } from "./taps.bench.ts";

const RECIPIENTS = 10_000;
const CONCURRENCY = 50;
const PATIENCE_MS = 300_000;
const TAPS_A_SECOND = 500;
const TAP_SECONDS = 10;

const row = (what: string, parts: Partial<Row>): Row => ({
  ...{ what, size: 0, "a second": 0, ratio: "", "worst second": "", "answered 429": "", "p50 ms": "", "p99 ms": "" },
  ...(parts as Row),
});

/** People of a database, and processes that send to them. */
const stage = async (apiRoot: string, token: string, chats: readonly string[], rate: number, processes: number) => {
  const base = await freshPostgres();
  const open = await overPostgres(base);
  const all = parts(open.db);
  const to = await all.office.people("slack", chats);
  const orders = { databaseUrl: base.url, redisUrl: await redisUrl(), apiRoot, token, platform: "slack" } as const;
  const senders = await Promise.all(
    Array.from({ length: processes }, () => startSender({ ...orders, perSecond: rate, concurrency: CONCURRENCY })),
  );
  const unsent = () => open.db.delivery.count({ where: { state: { in: ["pending", "sending"] } } });
  return {
    deliver: async (lane: "bulk" | "urgent", some = to) => {
      const notice = await all.office.notice(all.clock.now(), lane === "urgent" ? "flash" : "routine");
      await all.office.deliver(some, notice, lane, all.clock.now());
    },
    ...{ to, sent: () => eventually(unsent, (left) => left === 0, PATIENCE_MS) },
    drop: () =>
      all.db.$executeRaw`UPDATE "delivery" SET "state" = 'refused', "why" = 'bench' WHERE "state" = 'pending'`,
    end: async () => {
      await Promise.all(senders.map(({ stop }) => stop()));
      await open.close();
    },
  };
};

const bare = async (url: string, count: number): Promise<number> => {
  const pool = new Pool(url, { connections: CONCURRENCY, pipelining: 1 });
  const headers = { "content-type": "application/json", authorization: "Bearer xoxb-of-the-bench" };
  let next = 0;
  const lane = async () => {
    while (next++ < count) {
      const body = JSON.stringify({ channel: `U${next}`, text: "字".repeat(60) });
      const answer = await pool.request({ path: "/api/chat.postMessage", method: "POST", headers, body });
      await answer.body.json();
    }
  };
  const began = performance.now();
  await Promise.all(Array.from({ length: CONCURRENCY }, lane));
  await pool.close();
  return (count * 1_000) / (performance.now() - began);
};

const fanout = async (count: number): Promise<Row> => {
  const child = fork(new URL("./stub.ts", import.meta.url), { execArgv: ["--import", "tsx"] });
  const [port] = (await once(child, "message")) as [number];
  const url = `http://127.0.0.1:${port}`;
  const before = await bare(url, count);
  const chats = Array.from({ length: count }, (_, at) => `U${100_000 + at}`);
  const { deliver, sent, end } = await stage(url, "xoxb-of-the-bench", chats, 10_000, 1);
  await deliver("bulk");
  const began = performance.now();
  await sent();
  const speed = (count * 1_000) / (performance.now() - began);
  await end();
  const after = await bare(url, count);
  child.disconnect();
  const ratio = (speed / ((before + after) / 2)).toFixed(2);
  return row("fan-out, of undici alone", { size: count, "a second": speed, ratio });
};

const steady = async (rate: number, processes: number): Promise<Row> => {
  const server = await slackServer({ limits: { all: rate + Math.max(1, Math.floor(rate / 50)), scale: 1_000 } });
  const count = rate * (rate > 100 ? 4 : 10);
  const chats = Array.from({ length: count }, () => server.person().id);
  const { deliver, sent, end } = await stage(server.url, server.token, chats, rate, processes);
  await deliver("bulk");
  await sent();
  const posts = server.calls.filter(({ method }) => method === "chat.postMessage");
  const at = posts.filter(({ status }) => status === 200).map((call) => call.at);
  const speed = ((at.length - 1) * 1_000) / ((at.at(-1) ?? 0) - (at[0] ?? 0));
  await end();
  await server.close();
  return row(`limit of ${rate} a second, ${processes} processes`, {
    ...{ size: count, "a second": speed, ratio: (speed / rate).toFixed(3), "worst second": server.worstSecond() },
    "answered 429": posts.filter(({ status }) => status === 429).length,
  });
};

/** A warning in the middle of a broadcast: how long until its first message, and whether anything routine goes between. */
const overtaking = async (rate: number, routine: number, urgent: number): Promise<Row> => {
  const server = await slackServer({ limits: { all: rate + Math.max(1, Math.floor(rate / 50)), scale: 1_000 } });
  const chats = Array.from({ length: routine + urgent }, () => server.person().id);
  const { deliver, drop, sent, end, to } = await stage(server.url, server.token, chats, rate, 3);
  await deliver("bulk", to.slice(urgent));
  const posts = () => server.calls.filter(({ method, status }) => method === "chat.postMessage" && status === 200);
  await eventually(
    async () => posts().length,
    (count) => count > 2 * rate,
    60_000,
  );
  const began = Date.now();
  await deliver("urgent", to.slice(0, urgent));
  const warned = new Set(chats.slice(0, urgent));
  const isUrgent = ({ values }: { readonly values: Readonly<Record<string, unknown>> }) =>
    warned.has(String(values.channel));
  await eventually(
    async () => posts().filter(isUrgent).length,
    (count) => count === urgent,
    PATIENCE_MS,
  );
  const calls = posts();
  const [first, last] = [calls.findIndex(isUrgent), calls.findLastIndex(isUrgent)];
  const between = calls.slice(first, last).filter((call) => !isUrgent(call)).length;
  const took = (calls[last]?.at ?? 0) - (calls[first]?.at ?? 0);
  await drop();
  await sent();
  await end();
  await server.close();
  return row(
    `a warning amid a broadcast, first after ${(calls[first]?.at ?? 0) - began} ms, ${between} routine between`,
    {
      ...{
        size: urgent,
        "a second": ((urgent - 1) * 1_000) / took,
        ratio: (((urgent - 1) * 1_000) / took / rate).toFixed(3),
      },
    },
  );
};

/** Presses at their own moments, each signed, until they are stored. */
const taps = async (count: number): Promise<Row> => {
  const [postgres, redis, server] = await Promise.all([freshPostgres(), redisUrl(), slackServer()]);
  const port = 20_000 + (process.pid % 20_000);
  const program = start(["serve", "--roles", "web"], {
    ...{ DATABASE_URL: postgres.url, REDIS_URL: redis, ...newKeys(), PORT: String(port), LOG_LEVEL: "warn" },
    ...{ SLACK_BOT_TOKEN: server.token, SLACK_SIGNING_SECRET: server.signingSecret, SLACK_API_URL: server.apiUrl },
  });
  await program.prints(/Chuanda is running/, 120_000);
  const people = Array.from({ length: 2_000 }, () => server.person());
  server.inbound.hold();
  const presses = Array.from({ length: count }, (_, at) => people[at % people.length]?.forges("x".repeat(32), "1.1"));
  const pool = new Pool(`http://127.0.0.1:${port}`, { connections: 40, pipelining: 1 });
  const storm = async (some: typeof presses) => {
    const began = performance.now();
    const waits: number[] = [];
    let taken = 0;
    const one = async (at: number): Promise<void> => {
      const sent = some[at];
      if (!sent) return;
      const answer = await pool.request({ path: WEBHOOK_PATH, method: "POST", ...signed(server.signingSecret, sent) });
      await answer.body.dump();
      taken += answer.statusCode === 200 ? 1 : 0;
      waits.push(performance.now() - began - (at * 1_000) / TAPS_A_SECOND);
    };
    const all: Promise<void>[] = [];
    while (all.length < some.length) {
      const due = Math.min(some.length, Math.floor(((performance.now() - began) * TAPS_A_SECOND) / 1_000));
      while (all.length < due) all.push(one(all.length));
      await sleep(2);
    }
    await Promise.all(all);
    return { waits, taken, seconds: (performance.now() - began) / 1_000 };
  };
  const sql = new PgPool({ connectionString: postgres.url, max: 1 });
  try {
    await eventually(
      async () => server.calls.length,
      (calls) => calls > 0,
      10_000,
    );
    await storm(presses.slice(0, 200));
    await sql.query(`TRUNCATE "inbound"`);
    const single = await bareInserts(postgres.url);
    const { waits, taken, seconds } = await storm(presses);
    const { rows } = await sql.query(`SELECT count(*)::int AS n FROM "inbound"`);
    if (rows[0].n !== taken) throw new Error(`${taken} were taken, and ${rows[0].n} are stored`);
    return row("presses until they are stored, of single inserts", {
      ...{ size: taken, "a second": taken / seconds, ratio: (taken / seconds / single).toFixed(2) },
      ...{ "p50 ms": quantile(waits, 0.5), "p99 ms": quantile(waits, 0.99) },
    });
  } finally {
    await Promise.all([sql.end(), pool.close()]);
    await endPrograms();
    await server.close();
    await postgres.drop();
  }
};

export const bench: Bench = {
  shows:
    "What fanout, limit and taps measure of Telegram, for Slack: our dispatcher beside undici alone on a platform that answers at once; how close several processes together keep to a workspace's limit against the strict server; and signed presses until they are stored.",
  run: async ({ say, atMost }: Asked) => {
    const rows: Row[] = [];
    const add = async (work: Promise<Row>) => {
      rows.push(await work);
      say(JSON.stringify(rows.at(-1)));
    };
    await add(fanout(Math.min(atMost, RECIPIENTS)));
    for (const rate of [4, 1_000]) for (const processes of [1, 3]) await add(steady(rate, processes));
    await add(overtaking(4, 200, 12));
    await add(overtaking(1_000, Math.min(atMost, 20_000), 1_000));
    await add(taps(Math.min(atMost, TAPS_A_SECOND * TAP_SECONDS)));
    return rows;
  },
};
