import { Client } from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { readConfig } from "../../../src/config.ts";
import { openInstallation } from "../../../src/installation.ts";
import { publishNotice } from "../../../src/services/publish-notice.ts";
import { openToolbox } from "../../../src/toolbox.ts";
import { newKeys } from "../../processes/keys.ts";
import { type Office, office } from "../../processes/office.ts";
import { endPrograms, run, start } from "../../processes/program.ts";
import { eventually } from "../../scripted/eventually.ts";
import { freshPostgres, redisUrl } from "../../setup/database.ts";
import { testLog } from "../../setup/log.ts";
import { type TelegramServer, telegramServer } from "../../telegram-server/server.ts";

const TIMEOUT = 120_000;
let server: TelegramServer;
let files: Office;
let database: Awaited<ReturnType<typeof freshPostgres>>;
let env: Readonly<Record<string, string>>;

beforeAll(async () => {
  [server, database] = await Promise.all([telegramServer({ pace: 0.05 }), freshPostgres()]);
  files = office();
  env = {
    ...{ DATABASE_URL: database.url, REDIS_URL: await redisUrl(), ...newKeys(), PORT: "0" },
    ...{ TELEGRAM_BOT_TOKEN: server.token, TELEGRAM_API_ROOT: server.url },
  };
}, TIMEOUT);
afterAll(async () => {
  await endPrograms();
  await server.close();
  await database.drop();
  files.remove();
});

const serving = async () => {
  const program = start(["serve"], env);
  await program.prints(/Chuanda is running/, TIMEOUT);
  return program;
};

it(
  "killed in the middle of working off an answer, it is done once by whoever comes next",
  async () => {
    const zhou = server.person();
    const installation = await openInstallation(readConfig(env), testLog(), { migrate: false, onDeath: () => {} });
    const tools = openToolbox(installation, "");
    const head = "name,unit,post,locale,phone,telegram,slack,feishu,dingtalk,wecom,web";
    const people = files.write("p.csv", `${head}\n周建国,E1,principal,zh-CN,,${zhou.id},,,,,\n`);
    const asked = { files: [files.units, people], dryRun: false, complete: [], progress: () => {} };
    expect((await tools.importRoster(asked)).kind).toBe("imported");
    const number = "石安委办〔2026〕1号";
    const read = await tools.readNotice(files.notice(number));
    if ("problems" in read) throw new Error(JSON.stringify(read.problems));
    expect((await publishNotice(tools.publishing, read.draft, null)).kind).toBe("published");
    const acknowledged = async () => (await installation.stores.coverage.coverage(number, new Date()))?.acknowledged;

    const first = await serving();
    const card = () => zhou.shows().find(({ text }) => text.includes("请查一遍消防通道"));
    await eventually(card, (found) => found !== undefined, 30_000);
    // Whoever works the answer off waits for this row, in the middle of its transaction.
    const holder = new Client({ connectionString: database.url });
    await holder.connect();
    await holder.query(`BEGIN; SELECT FROM "obligation" FOR UPDATE`);
    const tap = zhou.taps(/^✅/, card()?.id);
    const waits = () =>
      holder
        .query(
          `SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
        )
        .then(({ rows }) => rows[0].n as number);
    await eventually(waits, (count) => count > 0, 30_000);
    first.signal("SIGKILL");
    await first.ended;
    await holder.query("ROLLBACK");
    await holder.end();
    expect(await acknowledged()).toBe(0);

    const second = await serving();
    zhou.again(tap);
    await eventually(acknowledged, (count) => count === 1, 30_000);
    await eventually(
      () => card()?.text ?? "",
      (text) => text.startsWith("✅"),
      30_000,
    );
    expect(zhou.shows().filter(({ text }) => text.includes("请查一遍消防通道"))).toHaveLength(1);
    expect(server.violations).toEqual([]);
    second.signal("SIGTERM");
    expect((await second.ended).code).toBe(0);
    const verified = await run(["verify"], env);
    expect([verified.code, verified.err]).toEqual([0, ""]);
    await installation.close();
  },
  TIMEOUT,
);

it(
  "a wrong token: doctor and the log name the variable, and neither tells the token",
  async () => {
    const token = "7000000001:AAE-wrong-token-of-the-tests_0123456789";
    const wrong = { ...env, TELEGRAM_BOT_TOKEN: token };
    const program = start(["serve"], wrong);
    await program.prints(/telegram-not-set-up/, TIMEOUT);
    const doctor = await run(["doctor"], wrong);
    expect(doctor.code).toBe(1);
    expect(doctor.out).toMatch(/TELEGRAM_BOT_TOKEN/);
    program.signal("SIGTERM");
    const { err } = await program.ended;
    expect(err.split("\n").find((line) => line.includes("telegram-not-set-up"))).toContain("TELEGRAM_BOT_TOKEN");
    expect(err + doctor.out + doctor.err).not.toContain(token.slice(12));
  },
  TIMEOUT,
);
