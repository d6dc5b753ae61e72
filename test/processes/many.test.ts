import { Redis } from "ioredis";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startPostgres, startRedis } from "../setup/database.ts";
import { newKeys } from "./keys.ts";
import { type Office, office } from "./office.ts";
import { type Ended, type Environment, endPrograms, type Program, run, start } from "./program.ts";
import { type Stream, visitor } from "./visitor.ts";

const TIMEOUT = 180_000;
const NUMBER = "石安委办〔2026〕20号";
const SECOND = "石安委办〔2026〕21号";
/** Words that stand in nobody else's data, so that wherever they turn up they came from here. */
const CANARY = { name: "金丝雀阿乙莫", phone: "13987650123", telegram: "777123456789" };
const PEOPLE = `name,unit,post,locale,phone,telegram,slack,feishu,dingtalk,wecom,web
林远山,C,official,zh-CN,,,,,,,yes
韩雪梅,T1,official,zh-CN,,,,,,,yes
白秋实,T2,official,zh-CN,,,,,,,yes
${CANARY.name},E1,principal,zh-CN,${CANARY.phone},${CANARY.telegram},,,,,yes
石开泰,E2,principal,zh-CN,,,,,,,yes
`;

interface Process {
  readonly program: Program;
  readonly origin: string;
}

let postgres: Awaited<ReturnType<typeof startPostgres>>;
let redis: Awaited<ReturnType<typeof startRedis>>;
let env: Environment;
let files: Office;
let webs: readonly [Process, Process];
let workers: readonly [Process, Process];
let link: string;
const all: Program[] = [];
const person = visitor();

const serve = async (role: string): Promise<Process> => {
  const program = start(["serve", "--roles", role], { ...env, PORT: "0", LOG_LEVEL: "trace" });
  all.push(program);
  const [, origin = ""] = await program.prints(/Chuanda is running: (http:\S+)/, 120_000);
  return { program, origin };
};
const chuanda = async (...args: readonly string[]): Promise<Ended> => {
  const ended = await run(args, env);
  expect(ended, ended.err).toMatchObject({ code: 0, err: "" });
  return ended;
};
const ask = async (sql: string) => {
  const client = new Client({ connectionString: postgres.url });
  await client.connect();
  return client.query(sql).finally(() => client.end());
};
const states = async (number: string) => {
  const { rows } = await ask(
    `SELECT d."state", count(*)::int AS n FROM "delivery" d JOIN "notice" n ON n."id" = d."notice_id" WHERE n."number" = '${number}' GROUP BY 1`,
  );
  return Object.fromEntries(rows.map(({ state, n }) => [state, n]));
};
/** What is still to be said when something is missing: the last lines of every process. */
const logs = () => all.map((program) => program.err().slice(-1500)).join("\n---\n");
const readiness = async ({ origin }: Process) => {
  const response = await fetch(`${origin}/readyz`);
  return { status: response.status, ...((await response.json()) as { checks: Record<string, string> }) };
};

beforeAll(async () => {
  [postgres, redis] = await Promise.all([
    startPostgres(),
    startRedis({ persistence: "aof", options: ["--rdbcompression", "no"] }),
  ]);
  env = { DATABASE_URL: postgres.url, REDIS_URL: redis.url, ...newKeys() };
  files = office(PEOPLE);
  // On a database without tables: they migrate it side by side.
  const [a, b, c, d] = await Promise.all(["web", "web", "worker", "worker"].map(serve));
  if (!a || !b || !c || !d) throw new Error("four processes are needed");
  webs = [a, b];
  workers = [c, d];
}, TIMEOUT);
afterAll(async () => {
  await endPrograms();
  await postgres.stop();
  await redis.stop();
  files.remove();
});

describe("two web and two worker processes on one database", () => {
  it(
    "bring a notice to everybody, once",
    async () => {
      await chuanda("import", files.units, files.people);
      await chuanda("publish", files.notice(NUMBER));
      await expect.poll(() => states(NUMBER), { timeout: 15_000 }).toEqual({ sent: 5 });
      const { rows } = await ask(`SELECT count(*)::int AS n FROM "chat_message" GROUP BY "account_id"`);
      expect(rows.map(({ n }) => n)).toEqual([1, 1, 1, 1, 1]);
      for (const each of [...webs, ...workers]) expect(await readiness(each)).toMatchObject({ status: 200 });
      expect((await fetch(`${workers[0].origin}/chat`)).status).toBe(404);
    },
    TIMEOUT,
  );

  it(
    "show on one what a person did on the other, within three seconds, and go on there after a break",
    async () => {
      const [a, b] = webs.map(({ origin }) => origin) as [string, string];
      const { out } = await chuanda("link", "--unit", "E1", "--json");
      link = JSON.parse(out).links[0].url;
      await person.enter(a, link);
      const page = await person.page(a);
      expect(page).toMatch(/请查一遍消防通道/);
      const [, after = ""] = /data-after="(\d+)"/.exec(page) ?? [];
      const stream: Stream = await person.listen(a, { after });
      const pressed = Date.now();
      expect((await person.press(b, /^✅/)).status).toBe(303);
      const redrawn = await stream.hears(/↩/);
      console.log(`pressed on one web, redrawn on the other ${redrawn.at - pressed} ms later`);
      expect(redrawn.at - pressed, logs()).toBeLessThan(3_000);
      stream.close();

      expect((await person.press(a, /^↩/)).status).toBe(303);
      const resumed = await person.listen(b, { lastEventId: redrawn.id });
      const reopened = await resumed.hears(/✅/);
      expect(BigInt(reopened.id)).toBeGreaterThan(BigInt(redrawn.id));
      // What was heard before the break does not come again.
      expect(resumed.heard.filter(({ id }) => id === redrawn.id)).toEqual([]);
      resumed.close();
      const { rows } = await ask(`SELECT count(*)::int AS n FROM "answer"`);
      expect(rows[0].n).toBeGreaterThan(0);
    },
    TIMEOUT,
  );

  it(
    "go on when one worker is killed",
    async () => {
      workers[0].program.signal("SIGKILL");
      await chuanda("publish", files.notice(SECOND));
      await expect.poll(() => states(SECOND), { timeout: 15_000 }).toEqual({ sent: 5 });
    },
    TIMEOUT,
  );

  it(
    "keep what is personal out of Redis, and out of every table in plain",
    async () => {
      const token = link.split("/").at(-1) ?? "";
      expect(token.length).toBeGreaterThan(20);
      const secrets = [...Object.values(CANARY), token];
      const plain = (text: string) =>
        secrets.filter((secret) => text.includes(secret) || text.includes(Buffer.from(secret).toString("hex")));

      const client = new Redis(redis.url);
      let keys = 0;
      for await (const found of client.scanStream({ count: 500 })) {
        for (const key of found as string[]) {
          keys += 1;
          const value = (await client.dumpBuffer(key)) ?? Buffer.alloc(0);
          expect([key, plain(key), secrets.filter((secret) => value.includes(secret))]).toEqual([key, [], []]);
        }
      }
      client.disconnect();
      expect(keys).toBeGreaterThan(0);

      const tables = await ask(
        `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
      );
      expect(tables.rows.length).toBeGreaterThan(20);
      let rows = 0;
      for (const { name } of tables.rows) {
        const dump = await ask(`SELECT t::text AS row FROM ${name} t`);
        rows += dump.rows.length;
        expect([name, plain(dump.rows.map(({ row }) => row).join("\n"))]).toEqual([name, []]);
      }
      expect(rows).toBeGreaterThan(50);
    },
    TIMEOUT,
  );

  it(
    "say what is missing when the database or the queue is away, and heal within ten seconds",
    async () => {
      for (const [name, server] of [["database", postgres] as const, ["queue", redis] as const]) {
        await server.kill(name === "database" ? "SIGINT" : "SIGTERM");
        const away = await readiness(webs[0]);
        expect(away).toMatchObject({ status: 503, ready: false });
        expect(Object.keys(away.checks).filter((check) => away.checks[check] !== "ok")).toEqual([name]);
        expect((await fetch(`${webs[0].origin}/healthz`)).status).toBe(200);
        await server.restart();
        const back = Date.now();
        await expect.poll(async () => (await readiness(webs[0])).status, { timeout: 10_000 }).toBe(200);
        await expect.poll(async () => (await readiness(workers[1])).status, { timeout: 10_000 }).toBe(200);
        console.log(`${name}: ready again ${Date.now() - back} ms after it was back`);
      }
      // Not only ready, but at work.
      expect((await person.press(webs[0].origin, /^✅/)).status).toBe(303);
      await expect.poll(() => person.page(webs[1].origin), { timeout: 15_000 }).toMatch(/↩/);
    },
    TIMEOUT,
  );

  it(
    "end cleanly when they are asked to, and have said nothing personal in their logs",
    async () => {
      const living = [webs[0], webs[1], workers[1]];
      for (const { program } of living) program.signal("SIGTERM");
      const ends = await Promise.all(living.map(({ program }) => program.ended));
      expect(
        ends.map(({ code }) => code),
        logs(),
      ).toEqual([0, 0, 0]);
      const said = all.map((program) => `${program.out()}${program.err()}`).join("\n");
      expect(said).toMatch(/service-started/);
      for (const secret of [...Object.values(CANARY), link.split("/").at(-1) ?? link, env.SECRET_KEY ?? ""])
        expect(said).not.toContain(secret);
    },
    TIMEOUT,
  );
});
