import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Redis } from "ioredis";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Office, office } from "../processes/office.ts";
import { endPrograms, type Program, run, start } from "../processes/program.ts";
import { visitor } from "../processes/visitor.ts";
import { canaryInstallation } from "./canary-installation.ts";

const TIMEOUT = 240_000;
const NUMBER = "石安委办〔2026〕31号";
/** Words that stand in nobody else's data: wherever they turn up, they came from here. */
const PERSONAL = {
  name: "金丝雀阿乙莫",
  official: "金丝雀韩雪梅",
  phone: "13987650123",
  telegram: "777123456789",
  slack: "U0CANARY99",
  evidence: "金丝雀说通道昨夜清空了",
  reason: "金丝雀说厂里没有网络",
  said: "金丝雀问今天几点",
};
const PEOPLE = `name,unit,post,locale,phone,telegram,slack,feishu,dingtalk,wecom,web
林远山,C,official,zh-CN,,,,,,,yes
${PERSONAL.official},T1,official,zh-CN,,,,,,,yes
${PERSONAL.name},E1,principal,zh-CN,${PERSONAL.phone},${PERSONAL.telegram},${PERSONAL.slack},,,,yes
石开泰,E2,principal,zh-CN,,,,,,,yes
`;
const NOTICE = `---
number: ${NUMBER}
issuer: "C"
ack: evidence
due: 2d
audience: all
---
# 请查一遍消防通道

请您今天查一遍。
`;

let made: Awaited<ReturnType<typeof canaryInstallation>>;
let files: Office;
let web: { readonly program: Program; readonly origin: string };
let secrets: Map<string, string>;
const programs: Program[] = [];
const answers: string[] = [];

const serve = async (role: string) => {
  const program = start(["serve", "--roles", role], { ...made.environment, PORT: "0", LOG_LEVEL: "trace" });
  programs.push(program);
  const [, origin = ""] = await program.prints(/Chuanda is running: (http:\S+)/, TIMEOUT);
  return { program, origin };
};
const chuanda = async (...args: readonly string[]): Promise<string> => {
  const ended = await run(args, made.environment);
  expect(ended, ended.err).toMatchObject({ code: 0, err: "" });
  return ended.out;
};
/** Each secret as it is, and as bytes are usually written down. */
const formsOf = (secret: string): readonly string[] => {
  const bytes = Buffer.from(secret);
  return [secret, bytes.toString("hex"), bytes.toString("base64").replace(/=+$/, ""), encodeURIComponent(secret)];
};
/** What of all that is secret stands in a text: by name. Without what may be there. */
const found = (text: string, ...except: readonly string[]): readonly string[] =>
  [...secrets].flatMap(([name, secret]) =>
    !except.includes(name) && formsOf(secret).some((form) => text.includes(form)) ? [name] : [],
  );

const entered = async (unit: string) => {
  const [link] = JSON.parse(await chuanda("link", "--unit", unit, "--json")).links;
  const person = visitor();
  await person.enter(web.origin, link.url);
  await expect.poll(() => person.page(web.origin), { timeout: 20_000 }).toMatch(/请查一遍消防通道/);
  secrets.set(`link of ${unit}`, link.url.split("/").at(-1));
  for (const [at, cookie] of person.cookies().entries())
    if (cookie.length > 20) secrets.set(`cookie ${at} of ${unit}`, cookie);
  return person;
};
const say = async (person: ReturnType<typeof visitor>, form: Readonly<Record<string, string>>) => {
  const page = await person.page(web.origin);
  const [, nonce = ""] = /action="\/chat\/say"[^>]*><input type="hidden" name="nonce" value="([^"]+)"/.exec(page) ?? [];
  expect((await person.ask(new URL("/chat/say", web.origin), { nonce, ...form })).status).toBe(303);
};
/** What a stranger tries with what they have got hold of, and what they are told. */
const strange = async (path: string, init: RequestInit = {}): Promise<void> => {
  const response = await fetch(new URL(path, web.origin), { redirect: "manual", ...init });
  answers.push(`${response.status} ${JSON.stringify([...response.headers])} ${await response.text()}`);
};

beforeAll(async () => {
  made = await canaryInstallation();
  const password = (name: string) => made.secret(`${name}_password`);
  secrets = new Map(Object.entries(PERSONAL));
  for (const name of ["owner", "database", "redis"]) secrets.set(`password of ${name}`, password(name));
  secrets.set("SECRET_KEY", made.secret("secret_key"));
  secrets.set("LEDGER_KEY", made.secret("ledger_key").split("\n")[1] ?? "");
  files = office(PEOPLE);
  const migrated = await run(["migrate"], { ...made.environment, ...made.owner });
  expect(migrated, migrated.err).toMatchObject({ code: 0, err: "" });
  await chuanda("import", files.units, files.people);
  const [first] = await Promise.all([serve("web"), serve("worker")]);
  web = first;
}, TIMEOUT);
afterAll(async () => {
  await endPrograms();
  await made.stop();
  files.remove();
});

describe("a whole run with secrets that nobody else has", () => {
  it(
    "works as a role that owns nothing and a Redis user that can only queue",
    async () => {
      await chuanda("publish", files.write("notice.md", NOTICE));
      const [principal, official] = [await entered("E1"), await entered("T1")];
      expect((await principal.press(web.origin, /^✅/, "/chat", PERSONAL.evidence)).status).toBe(303);
      await say(principal, { text: PERSONAL.said });
      await principal.press(web.origin, /^↩/);
      await say(official, { quick: "proxy" });
      await expect.poll(() => official.page(web.origin), { timeout: 20_000 }).toMatch(/石桥木业/);
      await official.press(web.origin, /代签/, "/chat", PERSONAL.reason);
      const standing = `SELECT count(*)::int AS n FROM "answer" WHERE "how" = 'proxy'`;
      await expect.poll(async () => (await made.client.query(standing)).rows[0].n, { timeout: 20_000 }).toBe(1);
      const unsealed = `SELECT count(*)::int AS n FROM "ledger_inbox"`;
      await expect.poll(async () => (await made.client.query(unsealed)).rows[0].n, { timeout: 20_000 }).toBe(0);
      expect(await chuanda("verify")).toMatch(/unbroken/);
      const service = new Client({ connectionString: made.secret("database_url") });
      await service.connect();
      for (const sql of [
        `ALTER TABLE "ledger_entry" DISABLE TRIGGER ALL`,
        `TRUNCATE "ledger_entry"`,
        "CREATE TABLE x ()",
      ])
        await expect(service.query(sql), sql).rejects.toThrow(/must be owner|permission denied/);
      await service.end();
    },
    TIMEOUT,
  );

  it(
    "goes wrong in every way that prints something",
    async () => {
      const cookie = secrets.get("cookie 0 of E1") ?? "";
      const link = secrets.get("link of E1");
      await strange(`/chat/enter/${link}`, { method: "POST", headers: { origin: web.origin } });
      await strange(`/${encodeURIComponent(PERSONAL.name)}?phone=${PERSONAL.phone}&token=${cookie}`);
      await strange("/chat", { headers: { cookie: `chuanda=${cookie}x`, "x-forwarded-for": PERSONAL.phone } });
      for (const body of [PERSONAL.evidence, `nonce=x&code=${cookie}&text=${PERSONAL.reason}`, "x".repeat(200_000)])
        await strange("/chat/press", {
          method: "POST",
          headers: {
            cookie: `chuanda=${cookie}`,
            origin: web.origin,
            "content-type": "application/x-www-form-urlencoded",
          },
          body,
        });
      await strange("/metrics");
      await strange("/readyz");
      // The connections break under it, and Redis asks for its password again.
      await made.client.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'chuanda'");
      await made.redis.restart();
      await strange("/readyz");
      await expect.poll(async () => (await fetch(`${web.origin}/readyz`)).status, { timeout: 20_000 }).toBe(200);
      const key = secrets.get("SECRET_KEY") ?? "";
      const [wrong, told] = [
        `cannot use ${key} of ${PERSONAL.phone}`,
        `{ args: ["${secrets.get("password of redis")}"] }`,
      ];
      const crash = files.write(
        "crash.mjs",
        `process.on("SIGUSR2", () => { throw Object.assign(new Error("${wrong}"), { command: ${told} }); });`,
      );
      const crashing = start(["serve"], { ...made.environment, PORT: "0" }, ["--import", crash]);
      programs.push(crashing);
      const refused = ["database_url", "redis_url"].map((name) =>
        start(["serve"], {
          ...made.environment,
          DATABASE_URL_FILE: `${made.dir}/${name}`,
          SECRET_KEY_FILE: `${made.dir}/ledger_key`,
        }),
      );
      programs.push(...refused);
      await crashing.prints(/Chuanda is running/, TIMEOUT);
      crashing.signal("SIGUSR2");
      const ends = await Promise.all([crashing, ...refused].map(({ ended }) => ended));
      expect(ends.map(({ code }) => code)).toEqual([1, 1, 1]);
      expect(ends[0]?.err).toMatch(/cannot use \[masked\] of \[masked\].*"event":"crashed"/);
    },
    TIMEOUT,
  );

  it(
    "has left none of them in a log, on a page, in Redis, in the database's log or in a dump of it",
    async () => {
      for (const program of programs.slice(0, 2)) program.signal("SIGTERM");
      await Promise.all(programs.map(({ ended }) => ended));
      const said = programs.map((program) => program.out() + program.err()).join("\n");
      expect(said).toMatch(/service-started[\s\S]*service-stopped/);
      expect(found(said), "logs").toEqual([]);
      expect(answers).toHaveLength(9);
      // The person's own page shows them their own name; nobody else's does.
      expect(found(answers.join("\n")), "pages").toEqual([]);

      const redis = new Redis(made.inspector);
      const [, folder = ""] = (await redis.config("GET", "dir")) as string[];
      expect(await redis.call("ACL", "LOG"), "what the service tried and may not").toEqual([]);
      redis.disconnect();
      const aof = join(folder, "appendonlydir");
      const kept = readdirSync(aof).map((file) => readFileSync(join(aof, file), "utf8"));
      expect(kept.join("")).toContain("bull:chuanda");
      expect(found(kept.join("\n")), "Redis").toEqual([]);

      const log = made.databaseLog();
      expect(log).toMatch(/INSERT INTO "?(public"?\."?)?chat_message/);
      expect(found(log), "the database's log").toEqual([]);
      const dump = made.dump();
      expect(dump).toContain("石桥木业");
      expect(found(dump), "a dump").toEqual([]);
    },
    TIMEOUT,
  );
});
