import { fork } from "node:child_process";
import { once } from "node:events";
import { Pool } from "undici";
import { eventually } from "../scripted/eventually.ts";
import { overPostgres } from "../scripted/open.ts";
import { parts } from "../scripted/parts.ts";
import { scriptedTelegram } from "../scripted/telegram.ts";
import { freshPostgres } from "../setup/database.ts";
import { type Asked, type Bench, median, type Row } from "./bench.ts";

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

const compare = async ({ say }: Asked): Promise<readonly Row[]> => {
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
    const one = { speed, client: (before + after) / 2, ratio: speed / Math.max(before, after) };
    say(`${one.speed.toFixed(0)}/s, the client alone ${one.client.toFixed(0)}/s, ratio ${one.ratio.toFixed(2)}`);
    rounds.push(one);
  }
  await base.close();
  stub.stop();
  return [
    {
      recipients: RECIPIENTS,
      "at once": CONCURRENCY,
      "dispatcher, messages/s": Math.round(median(rounds.map((one) => one.speed))),
      "client alone, requests/s": Math.round(median(rounds.map((one) => one.client))),
      "dispatcher / client": median(rounds.map((one) => one.ratio)).toFixed(2),
    },
  ];
};

export const bench: Bench = {
  shows:
    "A broadcast from the rows of the database through a platform that says yes at once, against the bare HTTP client with " +
    "the same number of requests, measured before and after each round; the ratio is to the faster of the two, the median of three.",
  run: compare,
};
