import { readFileSync } from "node:fs";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freshPostgres } from "../setup/database.ts";
import { newKeys } from "./keys.ts";
import { type Office, office } from "./office.ts";
import { type Ended, type Environment, endPrograms, FROM_SOURCE, lines, run, start } from "./program.ts";
import { visitor } from "./visitor.ts";

const NUMBER = "石安委办〔2026〕17号";
const TIMEOUT = 120_000;

let postgres: Awaited<ReturnType<typeof freshPostgres>>;
let client: Client;
let env: Environment;
let files: Office;

const chuanda = (...args: readonly string[]): Promise<Ended> => run(args, env);
/** What a command that could not be carried out may print: one line, and no trace of the program's inside. */
const refusedWith = (ended: Ended, words: RegExp | string) => {
  expect(ended).toMatchObject({ code: 1, out: "" });
  expect(lines(ended.err), ended.err).toHaveLength(1);
  expect(ended.err).toMatch(words);
  expect(ended.err).not.toMatch(/\n {4}at |node_modules|\.ts:/);
};
const count = async (table: string): Promise<number> =>
  Number((await client.query(`SELECT count(*) AS n FROM "${table}"`)).rows[0].n);

beforeAll(async () => {
  postgres = await freshPostgres();
  client = new Client({ connectionString: postgres.url });
  await client.connect();
  env = { DATABASE_URL: postgres.url, ...newKeys() };
  files = office();
});
afterAll(async () => {
  await endPrograms();
  await client.end();
  await postgres.drop();
  files.remove();
});

describe("the environment", () => {
  it(
    "that is wrong ends a command with one line that names the variable and shows no secret",
    async () => {
      const cases: readonly (readonly [Environment, RegExp])[] = [
        [{ PORT: "80801" }, /PORT .*PORT=8080/],
        [{ DATABASE_URL: "mysql://root:hunter2@db/x" }, /DATABASE_URL .*postgresql:/],
        [{ SECRET_KEY: "" }, /SECRET_KEY /],
        [{ SECRET_KEY: "hunter2" }, /SECRET_KEY/],
        [{ SECRET_KEY: "", SECRET_KEY_FILE: "/nowhere/key" }, /SECRET_KEY_FILE /],
      ];
      const ends = await Promise.all(cases.map(([wrong]) => run(["verify"], { ...env, ...wrong })));
      for (const [at, [, words]] of cases.entries()) {
        const ended = ends[at] as Ended;
        refusedWith(ended, words);
        expect(ended.err).not.toContain("hunter2");
        for (const secret of [env.SECRET_KEY, env.LEDGER_KEY]) expect(ended.err).not.toContain(secret);
      }
    },
    TIMEOUT,
  );

  it("speaks the language of the terminal", async () => {
    const [english, chinese, source] = await Promise.all([
      run(["--help"], { LANG: "en_US.UTF-8" }),
      run(["--help"], { LANG: "zh_CN.UTF-8" }),
      run(["--help"], { LANG: "en_US.UTF-8" }, FROM_SOURCE),
    ]);
    expect(source).toEqual(english);
    expect(english).toMatchObject({ code: 0, err: "" });
    expect(chinese).toMatchObject({ code: 0, err: "" });
    expect(english?.out).toContain("Commands:");
    expect(english?.out).not.toMatch(/\p{Script=Han}/u);
    expect(chinese?.out).toContain("命令：");
  }, 60_000);

  it("is complained about in that language too, and wrong usage ends with 2", async () => {
    const [option, command, port] = await Promise.all([
      run(["coverage", "--nonsense"], { LANG: "zh_CN.UTF-8" }),
      run(["nonsense"], env),
      run(["serve"], { PORT: "eighty", LANG: "zh_CN.UTF-8" }),
    ]);
    expect(option).toMatchObject({ code: 2, out: "" });
    expect(option?.err).toMatch(/--nonsense/);
    expect(option?.err).toMatch(/\p{Script=Han}/u);
    expect(command).toMatchObject({ code: 2, out: "" });
    expect(port?.code).toBe(1);
    expect(port?.err).toMatch(/^环境变量 ?PORT/);
  }, 60_000);
});

describe("a database without tables", () => {
  it(
    "is refused until it is migrated, which may be done twice",
    async () => {
      const name = `${new URL(postgres.url).pathname.slice(1)}_bare`;
      await client.query(`CREATE DATABASE ${name}`);
      const url = new URL(postgres.url);
      url.pathname = name;
      const bare = { ...env, DATABASE_URL: url.href };
      try {
        refusedWith(await run(["coverage", NUMBER], bare), /chuanda migrate/);
        const first = await run(["migrate"], bare);
        expect(first, first.err).toMatchObject({ code: 0, err: "" });
        expect(first.out).toMatch(/up to date \(\d+ steps/);
        const second = await run(["migrate"], bare);
        expect(second, second.err).toMatchObject({ code: 0, err: "" });
        expect(second.out).toMatch(/nothing to do/);
        refusedWith(await run(["coverage", NUMBER], bare), /There is no notice/);
      } finally {
        await client.query(`DROP DATABASE ${name} WITH (FORCE)`);
      }
    },
    TIMEOUT,
  );
});

describe("import", () => {
  it("shows every wrong row with file, line, column, value and reason, and writes nothing", async () => {
    const bad = files.write(
      "bad.csv",
      "code,name,kind,parent,division,industry,site_types,grade,watch,status\nC,石桥县,authority,,,,,,no,active\nX,某厂,factory,C,,,,Q,no,active\nY,乙厂,enterprise,NOBODY,,,,,no,active\n",
    );
    const ended = await chuanda("import", bad);
    expect(ended).toMatchObject({ code: 1, out: "" });
    expect(ended.err).toMatch(/bad\.csv:3 kind "factory": .+/);
    expect(ended.err).toMatch(/bad\.csv:4 parent "NOBODY": .+/);
    expect(ended.err).toMatch(/bad\.csv:3 grade "Q": .+/);
    expect(lines(ended.err).at(-1)).toMatch(/^Nothing was written/);
    expect(await count("unit")).toBe(0);
  }, 60_000);

  it(
    "writes nothing in a dry run, everything in earnest, and nothing the second time",
    async () => {
      const dry = await chuanda("import", files.units, files.people, "--dry-run");
      expect(dry, dry.err).toMatchObject({ code: 0, err: "" });
      expect(dry.out).toMatch(/Units: 6 added.*\nPeople: 7 added.*\nPosts: 7 added.*\nThis was a trial/);
      expect([await count("unit"), await count("person")]).toEqual([0, 0]);
      const real = await chuanda("import", files.units, files.people);
      expect(real, real.err).toMatchObject({ code: 0, err: "" });
      expect([await count("unit"), await count("person")]).toEqual([6, 7]);
      const before = await client.query(
        `SELECT max("id") AS unit, (SELECT max("id") FROM "person") AS person FROM "unit"`,
      );
      const again = await chuanda("import", files.units, files.people);
      expect(again, again.err).toMatchObject({ code: 0, err: "" });
      expect(again.out).toMatch(/^Nothing changed: 6 units and 7 people/);
      const after = await client.query(
        `SELECT max("id") AS unit, (SELECT max("id") FROM "person") AS person FROM "unit"`,
      );
      expect(after.rows).toEqual(before.rows);
    },
    TIMEOUT,
  );
});

describe("publish", () => {
  it(
    "shows beforehand who would get it and what it costs, and writes nothing",
    async () => {
      const [plain, json] = await Promise.all([
        chuanda("publish", files.notice(NUMBER), "--dry-run"),
        chuanda("publish", files.notice(NUMBER), "--dry-run", "--json"),
      ]);
      expect(plain, plain.err).toMatchObject({ code: 0, err: "" });
      expect(plain.out).toMatch(/Would go to 5 people in/);
      expect(plain.out).toMatch(/over web: 4/);
      expect(plain.out).toMatch(/石桥化工 \(E2\): /);
      expect(plain.out).toMatch(/5 people × \d+ s = \d+ minute/);
      expect(json.code).toBe(0);
      expect(JSON.parse(json.out)).toMatchObject({ recipients: 5, excluded: 1, sendSeconds: 0 });
      expect(await count("notice")).toBe(0);
    },
    TIMEOUT,
  );

  it(
    "publishes once: the same number again is refused",
    async () => {
      const first = await chuanda("publish", files.notice(NUMBER), "--json");
      expect(first, first.err).toMatchObject({ code: 0, err: "" });
      expect(JSON.parse(first.out)).toMatchObject({
        number: NUMBER,
        recipients: 5,
        obligations: 5,
        excluded: 1,
      });
      refusedWith(await chuanda("publish", files.notice(NUMBER.replace("〔2026〕", "[2026]"))), /is taken/);
      expect([await count("notice"), await count("delivery"), await count("ledger_inbox")]).toEqual([1, 5, 2]);
    },
    TIMEOUT,
  );
});

describe("beside a service", () => {
  const person = visitor();

  it(
    "link opens a chat where the notice waits, and its answer counts",
    async () => {
      const service = start(["serve"], { ...env, PORT: "0", LOG_LEVEL: "info" });
      const [, origin = ""] = await service.prints(/Chuanda is running: (http:\S+)/);
      const linked = await chuanda("link", "--unit", "E1", "--post", "principal", "--json");
      expect(linked, linked.err).toMatchObject({ code: 0, err: "" });
      const { unit, links } = JSON.parse(linked.out);
      expect({ unit, links }).toMatchObject({ unit: "E1", links: [{ name: "周建国", post: "principal" }] });
      expect(links).toHaveLength(1);
      await person.enter(origin, links[0].url);
      await expect.poll(() => person.page(origin), { timeout: 15_000 }).toMatch(/请查一遍消防通道/);
      expect((await person.press(origin, /^✅/)).status).toBe(303);
      await expect.poll(() => count("answer"), { timeout: 15_000 }).toBe(1);
      const waiting = `SELECT count(*)::int AS n FROM "delivery" WHERE "state" IN ('pending', 'sending')`;
      await expect.poll(async () => (await client.query(waiting)).rows[0].n, { timeout: 15_000 }).toBe(0);
      await expect.poll(() => count("ledger_inbox"), { timeout: 10_000 }).toBe(0);
      service.signal("SIGTERM");
      const ended = await service.ended;
      expect(ended.code).toBe(0);
      for (const line of lines(ended.err)) if (!line.startsWith("Chuanda is running")) JSON.parse(line);
      refusedWith(await chuanda("link", "--unit", "NOWHERE"), /no unit with code NOWHERE/);
    },
    TIMEOUT,
  );

  it(
    "coverage prints every key of its contract, and a tree with bars for people",
    async () => {
      const [json, tree, under, nowhere] = await Promise.all([
        chuanda("coverage", NUMBER, "--json"),
        chuanda("coverage", NUMBER.replace("〔2026〕", "[2026]")),
        chuanda("coverage", NUMBER, "--under", "T2"),
        chuanda("coverage", NUMBER, "--under", "NOWHERE"),
      ]);
      expect(json, json.err).toMatchObject({ code: 0, err: "" });
      expect(lines(json.out)).toHaveLength(1);
      const stands = JSON.parse(json.out);
      expect(stands).toMatchObject({
        ...{ number: NUMBER, status: "published", urgency: "priority", ack: "undertake", recipients: 5 },
        ...{ queued: 0, inDoubt: 0, failed: 1, unreachable: 1, acknowledged: 1, late: 0, byProxy: 0, overdue: 0 },
      });
      expect(Object.keys(stands)).toEqual(
        expect.arrayContaining(
          (
            "number status urgency ack publishedAt dueAt recipients queued sent delivered inDoubt failed unreachable " +
            "acknowledged late byProxy overdue units byPlatform lastMile"
          ).split(" "),
        ),
      );
      const { recipients, queued, sent, inDoubt, failed, units, byPlatform, lastMile } = stands;
      expect(recipients).toBe(queued + sent + inDoubt + failed);
      expect(units).toEqual({ total: 5, fulfilled: 1, open: 4, overdue: 0, excluded: 1, cancelled: 0 });
      expect(byPlatform).toEqual({
        web: { recipients: 4, sent: 4, failed: 0, delivered: expect.toBeOneOf([null, 4, 1]) },
      });
      expect(lastMile).toEqual({ p50Seconds: expect.any(Number), p95Seconds: expect.any(Number) });
      expect(stands.publishedAt).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
      expect(Date.parse(stands.dueAt) - Date.parse(stands.publishedAt)).toBe(2 * 86_400_000);

      expect(tree, tree.err).toMatchObject({ code: 0, err: "" });
      expect(tree.out).toMatch(/请查一遍消防通道/);
      expect(tree.out).toMatch(/石桥县 .*█.*░.* 1\/5 /);
      expect(tree.out).toMatch(/ {2}上坪镇 .* 1\/2 .* T1$/m);
      expect(under.code).toBe(0);
      expect(under.out).toMatch(/石桥化工 .* 0\/1/);
      expect(under.out).not.toMatch(/上坪镇/);
      refusedWith(nowhere, /NOWHERE/);
    },
    TIMEOUT,
  );

  it("keys that are not this database's end a command with one line", async () => {
    const wrong = await run(["coverage", NUMBER], { ...env, SECRET_KEY: newKeys().SECRET_KEY });
    refusedWith(wrong, /SECRET_KEY/);
    const file = files.write("key", `${env.SECRET_KEY}\n`);
    const { SECRET_KEY: _, ...without } = env;
    expect(await run(["coverage", NUMBER], { ...without, SECRET_KEY_FILE: file })).toMatchObject({ code: 0, err: "" });
  }, 60_000);

  it(
    "verify proves the ledger, also against a saved head, and names the entry that was tampered with",
    async () => {
      const head = `${files.folder}/head.txt`;
      const first = await chuanda("verify", "--save-head", head);
      expect(first, first.err).toMatchObject({ code: 0, err: "" });
      expect(first.out).toMatch(/The ledger is unbroken: \d+ entries/);
      expect(readFileSync(head, "utf8").length).toBeGreaterThan(50);
      const second = await chuanda("verify", head, "--json");
      expect(second, second.err).toMatchObject({ code: 0, err: "" });
      expect(JSON.parse(second.out)).toMatchObject({ proven: true });

      const { rows } = await client.query(`SELECT "seq", "body" FROM "ledger_entry" ORDER BY "seq" DESC LIMIT 1`);
      const [{ seq, body }] = rows;
      const last = Buffer.from(body);
      last[last.length - 3] = (last[last.length - 3] ?? 0) ^ 1;
      await client.query(`ALTER TABLE "ledger_entry" DISABLE TRIGGER ALL`);
      await client.query(`UPDATE "ledger_entry" SET "body" = $1 WHERE "seq" = $2`, [last, seq]);
      await client.query(`ALTER TABLE "ledger_entry" ENABLE TRIGGER ALL`);
      const other = files.write("other.txt", "no head\n");
      const [plain, json, foreign] = await Promise.all([
        chuanda("verify"),
        chuanda("verify", "--json"),
        chuanda("verify", other),
      ]);
      refusedWith(plain, new RegExp(`Entry ${seq} is the first that is wrong`));
      expect(json.code).toBe(1);
      expect(JSON.parse(json.out)).toMatchObject({ proven: false, kind: "broken", at: String(seq) });
      expect(foreign.code).toBe(1);
    },
    TIMEOUT,
  );
});
