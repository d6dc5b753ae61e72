import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server as HttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Terminal } from "../../src/cli/terminal.ts";
import { type Config, readConfig } from "../../src/config.ts";
import type { Finding } from "../../src/dialogue/finding.ts";
import type { Locale } from "../../src/domain/language.ts";
import { openInstallation } from "../../src/installation.ts";
import { speaker } from "../../src/locale/speaker.ts";
import { runDoctor } from "../../src/run-doctor.ts";
import { freshEmbedded, freshPostgres, startRedis } from "../setup/database.ts";
import { testLog } from "../setup/log.ts";
import { newKeys } from "./keys.ts";

const { say } = speaker(() => new Date(), "Asia/Shanghai");

/** What an administrator sees, and as JSON. */
const doctor = async (config: Config, locale: Locale = "en") => {
  const out: string[] = [];
  const terminal: Terminal = {
    ...{ err: () => {}, progress: () => {}, width: 80 },
    out: (line) => void out.push(line),
    say: (words) => say(words, locale),
  };
  const begun = Date.now();
  const code = await runDoctor(config, testLog(), { command: "doctor", json: true }, terminal);
  const { healthy, findings } = JSON.parse(out.join("\n")) as {
    healthy: boolean;
    findings: readonly (Pick<Finding, "level" | "code"> & { readonly what: string; readonly mend: string | null })[];
  };
  const of = (code_: string) => findings.find((found) => found.code === code_);
  return { code, healthy, findings, of, text: out.join("\n"), seconds: (Date.now() - begun) / 1_000 };
};

let postgres: Awaited<ReturnType<typeof freshPostgres>>;
let redis: Awaited<ReturnType<typeof startRedis>>;
let folder: string;
const keys = newKeys();
const environment = () => ({ ...keys, DATABASE_URL: postgres.url, REDIS_URL: redis.url });

beforeAll(async () => {
  [postgres, redis] = await Promise.all([freshPostgres(), startRedis({ persistence: "none" })]);
  folder = mkdtempSync(join(tmpdir(), "chuanda-doctor-"));
  const onDeath = (why: string) => {
    throw new Error(why);
  };
  const installation = await openInstallation(readConfig(environment()), testLog(), { migrate: true, onDeath });
  await installation.close();
}, 120_000);
afterAll(async () => {
  await redis.stop();
  await postgres.drop();
  rmSync(folder, { recursive: true });
});

describe("chuanda doctor", () => {
  it("finds an installation whole, and says in both languages what an administrator should know of it", async () => {
    const { code, healthy, of, findings } = await doctor(readConfig(environment()));
    expect([code, healthy]).toEqual([0, true]);
    for (const fine of ["database.ok", "keys.ok", "backlog.ok", "queue.ok", "clock.ok"])
      expect([fine, of(fine)?.level]).toEqual([fine, "ok"]);
    expect(of("queue.volatile")).toEqual({
      level: "warning",
      code: "queue.volatile",
      what: "Redis keeps nothing on disk, so a restart empties the queue.",
      mend: "Set appendonly yes.",
    });
    expect(of("processes.none")?.mend).toBe("Start chuanda serve.");
    const chinese = await doctor(readConfig(environment()), "zh-CN");
    expect(chinese.of("queue.volatile")?.what).toBe("Redis 不写磁盘，一重启队列就空了。");
    expect(chinese.findings.map((found) => found.code)).toEqual(findings.map((found) => found.code));
  });

  it("tells which key is the wrong one, and leaves everything as it is", async () => {
    const { SECRET_KEY, LEDGER_KEY } = newKeys();
    const secret = await doctor(readConfig({ ...environment(), SECRET_KEY }));
    expect([secret.code, secret.of("keys.secret")?.level]).toEqual([1, "problem"]);
    expect(secret.of("keys.secret")?.what).toContain("SECRET_KEY");
    expect((await doctor(readConfig({ ...environment(), LEDGER_KEY }))).of("keys.ledger")?.level).toBe("problem");
    expect((await doctor(readConfig({ ...environment(), SECRET_KEY: "short" }))).of("keys.unusable")?.level).toBe(
      "problem",
    );
    const rotating = { ...environment(), SECRET_KEY: `${SECRET_KEY},${keys.SECRET_KEY}` };
    expect((await doctor(readConfig(rotating))).of("keys.rotating")?.level).toBe("warning");
    expect((await doctor(readConfig(environment()))).of("keys.ok")?.level).toBe("ok");
  });

  it("looks at the rest when database and Redis are away, soon, and shows no password", async () => {
    const [user, host] = ["chuanda:hunter2", "127.0.0.1:1"];
    const away = { DATABASE_URL: `postgresql://${user}@${host}/x`, REDIS_URL: `redis://:hunter2@${host}` };
    const { code, of, text, seconds } = await doctor(readConfig({ ...keys, ...away }));
    expect([code, of("database.down")?.what, of("queue.down")?.what]).toEqual([
      1,
      "The database cannot be used: connect ECONNREFUSED 127.0.0.1:1",
      "Redis does not answer: connect ECONNREFUSED 127.0.0.1:1",
    ]);
    expect([of("clock.ok")?.level, of("backlog.ok")]).toEqual(["ok", undefined]);
    expect(text).not.toContain("hunter2");
    expect(seconds).toBeLessThan(10);
  });

  it("calls the public address, follows it nowhere else, and tells a stranger from the service", async () => {
    let answer: readonly [number, string] = [200, "ok"];
    const server: HttpServer = createServer((_, response) => {
      const [status, text] = answer;
      response.writeHead(status, status === 302 ? { location: "http://127.0.0.1:1/" } : {}).end(text);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const PUBLIC_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const look = () => doctor(readConfig({ ...environment(), PUBLIC_URL }));
    expect((await look()).findings.map(({ code }) => code)).toEqual(
      expect.arrayContaining(["address.ok", "address.here"]),
    );
    answer = [302, ""];
    expect((await look()).of("address.foreign")?.what).toContain("status 302");
    await new Promise((resolve) => server.close(resolve));
    expect((await look()).of("address.silent")?.level).toBe("warning");
  });

  it("on the embedded database warns of what that is not for, and of a key file that is open or gone", async () => {
    const { dataDir, database } = await freshEmbedded();
    await database.close();
    writeFileSync(join(dataDir, "ledger.key"), keys.LEDGER_KEY);
    chmodSync(join(dataDir, "ledger.key"), 0o644);
    const { code, of } = await doctor(readConfig({ DATA_DIR: dataDir }));
    const levels = ["embedded.power", "keys.lost", "secrets.open"].map((each) => of(each)?.level);
    expect([code, ...levels]).toEqual([1, "warning", "problem", "warning"]);
    expect(of("keys.lost")?.what).toBe(`The key file ${join(dataDir, "secret.key")} is gone.`);
    rmSync(dataDir, { recursive: true, force: true });
    expect((await doctor(readConfig({ DATA_DIR: join(folder, "nothing") }))).of("database.none")?.level).toBe("ok");
  }, 120_000);
});
