import { eventually } from "../scripted/eventually.ts";
import { overPostgres } from "../scripted/open.ts";
import { parts } from "../scripted/parts.ts";
import { freshPostgres, redisUrl } from "../setup/database.ts";
import type { TelegramServer } from "../telegram-server/server.ts";
import { telegramServer } from "../telegram-server/server.ts";
import type { Asked, Bench, Row } from "./bench.ts";
import { startSender } from "./sender.ts";

/** So long each rate is kept up. */
const secondsOf = (rate: number): number => (rate > 100 ? 4 : 8);
const PATIENCE_MS = 300_000;

/** Everything that a run needs: a database with people, the strict server, and processes that send. */
const stage = async (rate: number, count: number, processes: number) => {
  const base = await freshPostgres();
  const open = await overPostgres(base);
  const all = parts(open.db);
  // The server counts as the platform would, and lets one more or two in a hundred pass.
  const server = await telegramServer({ flood: { all: rate + Math.max(1, Math.floor(rate / 50)), chat: 3 } });
  const chats = Array.from({ length: count }, () => String(server.person().id));
  const to = await all.office.people("telegram", chats);
  const orders = { databaseUrl: base.url, redisUrl: await redisUrl(), apiRoot: server.url, token: server.token };
  const senders = await Promise.all(
    Array.from({ length: processes }, () => startSender({ ...orders, perSecond: rate, concurrency: 50 })),
  );
  const unsent = () => open.db.delivery.count({ where: { state: { in: ["pending", "sending"] } } });
  return {
    ...{ all, server, to, senders, unsent },
    sent: () => server.calls.filter(({ method, status }) => method === "sendMessage" && status === 200),
    end: async () => {
      await Promise.all(senders.map(({ stop }) => stop()));
      await server.close();
      await open.close();
    },
  };
};

const refused = (server: TelegramServer): number => server.calls.filter(({ status }) => status === 429).length;

const steady = async (rate: number, processes: number, { say }: Asked): Promise<Row> => {
  const count = rate * secondsOf(rate);
  const { all, server, to, unsent, sent, end } = await stage(rate, count, processes);
  await all.office.deliver(to, await all.office.notice(all.clock.now()), "bulk", all.clock.now());
  await eventually(unsent, (left) => left === 0, PATIENCE_MS);
  const at = sent().map((call) => call.at);
  const speed = ((at.length - 1) * 1_000) / ((at.at(-1) ?? 0) - (at[0] ?? 0));
  const row = {
    "limit a second": rate,
    processes,
    sent: at.length,
    "of the limit": (speed / rate).toFixed(3),
    "worst second": server.worstSecond(),
    allowed: rate + Math.max(1, Math.floor(rate / 50)),
    "answered 429": refused(server),
    "first urgent": "",
    "urgent of the limit": "",
    "routine between": "",
  };
  say(JSON.stringify(row));
  await end();
  return row;
};

/** A warning to a thousand in the middle of a broadcast. */
const overtaking = async (rate: number, processes: number, routine: number, urgent: number): Promise<Row> => {
  const { all, server, to, unsent, sent, end } = await stage(rate, routine + urgent, processes);
  const [warned, others] = [to.slice(0, urgent), to.slice(urgent)];
  await all.office.deliver(others, await all.office.notice(all.clock.now()), "bulk", all.clock.now());
  await eventually(
    async () => sent().length,
    (count) => count > 2 * rate,
    60_000,
  );
  const notice = await all.office.notice(all.clock.now(), "flash");
  const began = Date.now();
  await all.office.deliver(warned, notice, "urgent", all.clock.now());
  const ids = new Set(warned.map(({ chat }) => Number(chat)));
  const isUrgent = (call: { readonly values: Readonly<Record<string, unknown>> }) =>
    ids.has(Number(call.values.chat_id));
  await eventually(
    async () => sent().filter(isUrgent).length,
    (count) => count === urgent,
    PATIENCE_MS,
  );
  const calls = sent();
  const first = calls.findIndex(isUrgent);
  const last = calls.findLastIndex(isUrgent);
  const between = calls.slice(first, last).filter((call) => !isUrgent(call));
  const took = (calls[last]?.at ?? 0) - (calls[first]?.at ?? 0);
  await all.db.$executeRaw`UPDATE "delivery" SET "state" = 'refused', "why" = 'bench' WHERE "state" = 'pending'`;
  await eventually(unsent, (left) => left === 0, 60_000);
  const row = {
    "limit a second": rate,
    processes,
    sent: calls.length,
    "of the limit": "",
    "worst second": server.worstSecond(),
    allowed: rate + Math.max(1, Math.floor(rate / 50)),
    "answered 429": refused(server),
    "first urgent": `${(calls[first]?.at ?? 0) - began} ms`,
    "urgent of the limit": (((urgent - 1) * 1_000) / took / rate).toFixed(3),
    "routine between": between.length,
  };
  await end();
  return row;
};

export const bench: Bench = {
  shows:
    "How close several processes together keep to a platform's limit, against the strict server, which answers 429 beyond it; and a warning amid a broadcast. `worst second` is the most in any sliding second.",
  run: async (asked) => {
    const rows: Row[] = [];
    for (const rate of [30, 1_000]) for (const processes of [1, 3]) rows.push(await steady(rate, processes, asked));
    const routine = Math.min(asked.atMost, 100_000);
    rows.push(await overtaking(1_000, 3, routine, 1_000));
    rows.push(await overtaking(30, 3, Math.min(routine, 5_000), 150));
    return rows;
  },
};
