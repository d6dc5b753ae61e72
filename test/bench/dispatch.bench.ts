import { fork } from "node:child_process";
import { once } from "node:events";
import { Pool } from "undici";
import { bench, describe } from "vitest";
import { eventually } from "../scripted/eventually.ts";
import { overPostgres } from "../scripted/open.ts";
import { parts } from "../scripted/parts.ts";
import { scriptedTelegram } from "../scripted/telegram.ts";
import { freshPostgres } from "../setup/database.ts";

const RECIPIENTS = 10_000;
const CONCURRENCY = 50;
const ROUNDS = 3;

const startStub = async () => {
  const child = fork(new URL("./stub.ts", import.meta.url), { execArgv: ["--import", "tsx"] });
  const [port] = (await once(child, "message")) as [number];
  return { url: `http://127.0.0.1:${port}`, stop: () => child.disconnect() };
};

const perSecond = async (count: number, work: () => Promise<unknown>): Promise<number> => {
  const began = performance.now();
  await work();
  return (count * 1_000) / (performance.now() - began);
};

/** The HTTP client alone: the same number of requests, as many at once, a body of the same length. */
const bare = async (url: string): Promise<number> => {
  const pool = new Pool(url, { connections: CONCURRENCY, pipelining: 1 });
  const body = JSON.stringify({ chat_id: 123_456_789, text: "字".repeat(60) });
  let left = RECIPIENTS;
  const lane = async () => {
    while (left-- > 0) {
      const answer = await pool.request({
        ...{ path: "/bot7/sendMessage", method: "POST", body },
        headers: { "content-type": "application/json" },
      });
      await answer.body.json();
    }
  };
  const speed = await perSecond(RECIPIENTS, () => Promise.all(Array.from({ length: CONCURRENCY }, lane)));
  await pool.close();
  return speed;
};

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;

const compare = async (): Promise<string> => {
  const stub = await startStub();
  const base = await overPostgres(await freshPostgres());
  const all = parts(base.db);
  const bot = scriptedTelegram(stub.url, all.keys, { perSecond: null, concurrency: CONCURRENCY });
  const chats = Array.from({ length: RECIPIENTS }, (_, n) => String(100_000_000 + n));
  const to = await all.office.people(bot.name, chats);
  const unsent = () => base.db.delivery.count({ where: { state: { in: ["pending", "sending"] } } });

  const ours = async (): Promise<number> => {
    await all.office.deliver(to, await all.office.notice(all.clock.now()), "bulk", all.clock.now());
    await base.db.$executeRaw`VACUUM ANALYZE "delivery"`;
    const dispatcher = all.dispatch(bot);
    const speed = await perSecond(RECIPIENTS, () => eventually(unsent, (count) => count === 0, 120_000));
    await dispatcher.stop();
    return speed;
  };
  const rounds = [];
  for (let round = 0; round < ROUNDS; round++) {
    const before = await bare(stub.url);
    const speed = await ours();
    const after = await bare(stub.url);
    rounds.push({ speed, client: (before + after) / 2, ratio: speed / Math.max(before, after) });
  }
  await base.close();
  stub.stop();
  const [speed, client] = [median(rounds.map((one) => one.speed)), median(rounds.map((one) => one.client))];
  const ratios = rounds.map(({ ratio }) => ratio.toFixed(2)).join(", ");
  return `dispatcher ${speed.toFixed(0)}/s, HTTP client alone ${client.toFixed(0)}/s, ratios ${ratios}`;
};

describe(`sending to ${RECIPIENTS} people, ${CONCURRENCY} at once`, () => {
  bench(
    "against the HTTP client alone",
    async () => {
      console.log(await compare());
    },
    { iterations: 1, time: 0, warmupIterations: 0, warmupTime: 0 },
  );
});
