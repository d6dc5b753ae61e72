import { setTimeout as sleep } from "node:timers/promises";
import { Pool as PgPool } from "pg";
import { Pool } from "undici";
import { newKeys } from "../processes/keys.ts";
import { endPrograms, start } from "../processes/program.ts";
import { freshPostgres, redisUrl } from "../setup/database.ts";
import { telegramServer } from "../telegram-server/server.ts";
import type { Asked, Bench, Row } from "./bench.ts";
import { quantile } from "./bench.ts";

const A_SECOND = 500;
const SECONDS = 10;
const SECRET = "of-the_taps";

const tap = (id: number) => ({
  update_id: id,
  callback_query: {
    ...{ id: String(id), chat_instance: "1", data: "x".repeat(32) },
    from: { id: 100_000 + (id % 20_000), is_bot: false, first_name: "周建国", language_code: "zh-hans" },
    message: { message_id: 1, date: 1_800_000_000, chat: { id: 100_000 + (id % 20_000), type: "private" } },
  },
});

/** What the database alone does of the same kind: one row an insert, as many at once. */
export const bareInserts = async (url: string): Promise<number> => {
  const pool = new PgPool({ connectionString: url, max: 10 });
  await pool.query(`CREATE TABLE "bare" (LIKE "inbound" INCLUDING ALL)`);
  const until = Date.now() + 3_000;
  let count = 0;
  const lane = async (): Promise<void> => {
    while (Date.now() < until) {
      count += 1;
      await pool.query(
        `INSERT INTO "bare" ("id", "platform", "event_id", "sender", "body", "received_at")
         VALUES ($1, 'telegram', $2, $3, $4, '2026-09-18T01:00:00Z')`,
        [count, String(count), Buffer.alloc(16, count % 251), Buffer.alloc(300)],
      );
    }
  };
  await Promise.all(Array.from({ length: 10 }, lane));
  await pool.query(`DROP TABLE "bare"`);
  await pool.end();
  return count / 3;
};

/** Taps at their own moments, whatever became of those before; how long each took to be answered, and how. */
const storm = async (origin: string, count: number) => {
  const pool = new Pool(origin, { connections: 40, pipelining: 1 });
  const headers = { "content-type": "application/json", "x-telegram-bot-api-secret-token": SECRET };
  const began = performance.now();
  const waits: number[] = [];
  const statuses = new Map<number, number>();
  const one = async (at: number): Promise<void> => {
    const due = began + (at * 1_000) / A_SECOND;
    const body = JSON.stringify(tap(at + 1));
    const answer = await pool.request({ path: "/webhooks/telegram", method: "POST", headers, body });
    await answer.body.dump();
    waits.push(performance.now() - due);
    statuses.set(answer.statusCode, (statuses.get(answer.statusCode) ?? 0) + 1);
  };
  const all: Promise<void>[] = [];
  while (all.length < count) {
    const due = Math.min(count, Math.floor(((performance.now() - began) * A_SECOND) / 1_000));
    while (all.length < due) all.push(one(all.length));
    await sleep(2);
  }
  await Promise.all(all);
  const seconds = (performance.now() - began) / 1_000;
  await pool.close();
  return { waits, statuses, seconds };
};

const measure = async ({ say, atMost }: Asked): Promise<readonly Row[]> => {
  const [postgres, redis, server] = await Promise.all([freshPostgres(), redisUrl(), telegramServer()]);
  const port = 20_000 + (process.pid % 20_000);
  const program = start(["serve", "--roles", "web"], {
    ...{ DATABASE_URL: postgres.url, REDIS_URL: redis, ...newKeys(), PORT: String(port), LOG_LEVEL: "warn" },
    ...{ TELEGRAM_BOT_TOKEN: server.token, TELEGRAM_API_ROOT: server.url, TELEGRAM_WEBHOOK_SECRET: SECRET },
    PUBLIC_URL: `http://127.0.0.1:${port}`,
  });
  const pool = new PgPool({ connectionString: postgres.url, max: 1 });
  try {
    await program.prints(/Chuanda is running/, 120_000);
    const origin = `http://127.0.0.1:${port}`;
    await storm(origin, 200);
    await pool.query(`TRUNCATE "inbound"`);
    const before = await bareInserts(postgres.url);
    say(`the database alone: ${before.toFixed(0)} inserts a second`);
    const count = Math.min(atMost, A_SECOND * SECONDS);
    const { waits, statuses, seconds } = await storm(origin, count);
    const after = await bareInserts(postgres.url);
    const { rows } = await pool.query(`SELECT count(*)::int AS n FROM "inbound"`);
    if (rows[0].n !== statuses.get(200))
      throw new Error(`${statuses.get(200)} were taken, and ${rows[0].n} are stored`);
    const bare = (before + after) / 2;
    return [
      {
        taps: count,
        "a second": count / seconds,
        "p50 ms": quantile(waits, 0.5),
        "p99 ms": quantile(waits, 0.99),
        "answered 200": statuses.get(200) ?? 0,
        "bare inserts a second": bare,
        "of those": (count / seconds / bare).toFixed(2),
      },
    ];
  } finally {
    await pool.end();
    await endPrograms();
    await server.close();
    await postgres.drop();
  }
};

export const bench: Bench = {
  shows: `Taps at ${A_SECOND} a second on one web process: from when each is due at the webhook to its answer, which comes when it is stored; beside single inserts into the same table by the database alone.`,
  run: measure,
};
