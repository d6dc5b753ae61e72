import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { WebSocket } from "undici";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Office, office } from "./office.ts";
import { type Ended, type Environment, endPrograms, lines, type Program, run, start } from "./program.ts";

const NUMBER = "石安委办〔2026〕18号";
const TIMEOUT = 180_000;

let dataDir: string;
let env: Environment;
let files: Office;
let service: Program;
let origin: string;

const chuanda = (...args: readonly string[]): Promise<Ended> => run(args, env);

const serve = async (node: readonly string[] = []): Promise<void> => {
  service = start(["serve"], { ...env, PORT: "0" }, node);
  [, origin = ""] = await service.prints(/Chuanda is running: (http:\S+)/, 120_000);
};

/** Speaks to the private door as any process of this user could. Resolves to what it answers until it hangs up. */
const knock = (said: string | Uint8Array, hangUpAfterMs?: number): Promise<string> =>
  new Promise((resolve) => {
    let heard = "";
    const socket = connect(join(dataDir, "control.sock"));
    socket.setEncoding("utf8").on("data", (text) => {
      heard += text;
    });
    socket.on("error", () => {}).on("close", () => resolve(heard));
    socket.write(said);
    if (hangUpAfterMs !== undefined) setTimeout(() => socket.destroy(), hangUpAfterMs);
  });
const asking = (invocation: object, token = readFileSync(join(dataDir, "control.token"), "utf8")): string =>
  `${JSON.stringify({ token, invocation, locale: "en", width: 80, cwd: dataDir })}\n`;
/** The one line that a command put on standard output. */
const outOf = (heard: string): string =>
  lines(heard)
    .map((each) => JSON.parse(each))
    .find(({ out }) => out !== undefined)?.out;

/** Ends every thread of ours inside the program, through its debugger. */
const killThreads = async (url: string): Promise<void> => {
  const socket = new WebSocket(url);
  await new Promise((resolve, reject) => {
    socket.addEventListener("open", resolve);
    socket.addEventListener("error", reject);
  });
  let id = 0;
  const ask = (method: string, params: object): Promise<{ objectId: string; objects: { objectId: string } }> => {
    const mine = ++id;
    socket.send(JSON.stringify({ id: mine, method, params }));
    return new Promise((resolve) =>
      socket.addEventListener("message", ({ data }) => {
        const answer = JSON.parse(String(data));
        if (answer.id === mine) resolve(answer.result?.result ?? answer.result);
      }),
    );
  };
  const expression = `process.getBuiltinModule("node:worker_threads").Worker.prototype`;
  const { objectId: prototypeObjectId } = await ask("Runtime.evaluate", { expression });
  const { objects } = await ask("Runtime.queryObjects", { prototypeObjectId });
  // The loader of TypeScript is a thread too, of another kind.
  const functionDeclaration = `function () {
    for (const one of this) if (one.constructor.name === "Worker" && Object.hasOwn(one, "performance")) one.terminate();
  }`;
  await ask("Runtime.callFunctionOn", { objectId: objects.objectId, functionDeclaration });
  // A program that is being debugged does not end before its debugger has left.
  socket.close();
};

beforeAll(async () => {
  dataDir = join(mkdtempSync(join(tmpdir(), "chuanda-serve-")), "data");
  env = { DATA_DIR: dataDir };
  files = office();
  await serve();
}, TIMEOUT);
afterAll(async () => {
  await endPrograms();
  rmSync(join(dataDir, ".."), { recursive: true, force: true, maxRetries: 5 });
  files.remove();
});

describe("a service on an embedded database", () => {
  it("lives, is ready, and has nothing of the demo", async () => {
    expect(await (await fetch(`${origin}/healthz`)).text()).toBe("ok");
    const ready = await fetch(`${origin}/readyz`);
    expect(ready.status).toBe(200);
    expect(await ready.json()).toEqual({ ready: true, checks: { database: "ok", queue: "ok" } });
    for (const path of ["/demo", "/demo/events", "/demo/as/principal"])
      expect((await fetch(`${origin}${path}`)).status, path).toBe(404);
    const headers = { origin, "content-type": "application/x-www-form-urlencoded" };
    expect((await fetch(`${origin}/demo/as/principal/press`, { method: "POST", headers })).status).toBe(404);
  });

  it(
    "counts what it does, and is examined through its private door",
    async () => {
      const { code, out, err } = await run(["doctor"], env);
      expect([code, err]).toEqual([0, ""]);
      expect(out).toContain("✓ Running: one process for people, one for the work behind.");
      const scrape = await (await fetch(`${origin}/metrics`)).text();
      expect(scrape).toMatch(/^chuanda_processes\{role="worker"\} 1$/m);
    },
    TIMEOUT,
  );

  it("keeps what is private to its own user", () => {
    const mode = (path: string) => statSync(path).mode & 0o777;
    expect(mode(dataDir)).toBe(0o700);
    const entries = readdirSync(dataDir);
    expect(entries).toEqual(expect.arrayContaining(["control.sock", "control.token", "ledger.key", "secret.key"]));
    for (const entry of entries) {
      const path = join(dataDir, entry);
      expect(mode(path) & 0o077, entry).toBe(0);
    }
  });

  it(
    "refuses a second one with one line",
    async () => {
      const second = await run(["serve"], { ...env, PORT: "0" });
      expect(second).toMatchObject({ code: 1, out: "" });
      expect(lines(second.err)).toHaveLength(1);
      expect(second.err).toContain(`Another process is using ${dataDir}`);
    },
    TIMEOUT,
  );
});

describe("commands while it runs", () => {
  it(
    "are carried out by it, and look as ever",
    async () => {
      const imported = await chuanda("import", files.units, files.people);
      expect(imported, imported.err).toMatchObject({ code: 0, err: "" });
      expect(imported.out).toMatch(/^Units: 6 added, 0 changed, 0 the same\nPeople: 7 added/);
      const published = await chuanda("publish", files.notice(NUMBER), "--json");
      expect(published, published.err).toMatchObject({ code: 0, err: "" });
      expect(JSON.parse(published.out)).toMatchObject({ number: NUMBER, recipients: 5, obligations: 5 });
      const [again, unknown, linked] = await Promise.all([
        chuanda("publish", files.notice(NUMBER)),
        chuanda("coverage", "石安委办〔2026〕99号", "--json"),
        chuanda("link", "--unit", "T1", "--json"),
      ]);
      for (const refused of [again, unknown]) {
        expect(refused).toMatchObject({ code: 1, out: "" });
        expect(lines(refused.err)).toHaveLength(1);
      }
      expect(linked, linked.err).toMatchObject({ code: 0, err: "" });
      const { links } = JSON.parse(linked.out) as { links: { name: string; post: string; url: string }[] };
      expect(links.map(({ name, post }) => `${name} ${post}`).sort()).toEqual([
        "冯立本 deputy:official",
        "韩雪梅 official",
      ]);
      // The service knows its own address, port and all.
      for (const { url } of links) expect(url).toMatch(new RegExp(`^${origin}/chat/enter/`));
      expect((await fetch(links[0]?.url ?? "")).status).toBe(200);
    },
    TIMEOUT,
  );

  it(
    "hand tables over as they are, into a file of whoever asked, whole or not at all",
    async () => {
      const out = `${files.folder}/people.xlsx`;
      const [piped, filed] = await Promise.all([
        chuanda("export", "people", "--locale", "en"),
        chuanda("export", "people", "--out", out),
      ]);
      expect(piped, piped.err).toMatchObject({ code: 0, err: "" });
      expect(piped.out.split("\r\n")).toHaveLength(9);
      expect(filed).toMatchObject({ code: 0, err: "", out: `${out}: 7 rows\n` });
      expect(statSync(out).mode & 0o777).toBe(0o600);
      const bytes = readFileSync(out);
      expect(bytes.subarray(0, 2).toString()).toBe("PK");
      const again = await chuanda("export", "people", "--out", out);
      expect(again).toMatchObject({ code: 1, out: "" });
      expect(again.err).toMatch(/is there already.*--force/);
      expect(readFileSync(out).equals(bytes)).toBe(true);
      expect(readdirSync(files.folder).filter((name) => name.includes(".part-"))).toEqual([]);
    },
    TIMEOUT,
  );

  it(
    "that it cannot carry out are refused with one line; what is done already is said",
    async () => {
      const [migrated, restore, unknown, lame] = await Promise.all([
        chuanda("migrate"),
        knock(asking({ command: "restore" })),
        knock(asking({ command: "frobnicate" })),
        knock(asking({ command: "coverage" })),
      ]);
      expect(migrated).toMatchObject({ code: 0, err: "", out: "The database is up to date (nothing to do).\n" });
      expect(restore).toMatch(/"err":"restore needs .* to itself.*"exit":1\}\n$/su);
      expect(unknown).toMatch(/"err":"There is no command frobnicate\.".*"exit":1\}\n$/su);
      expect(lame).toMatch(/"err":"It could not be done: .*"exit":1\}\n$/su);
    },
    TIMEOUT,
  );

  it(
    "do it no harm when their process is killed in the middle",
    async () => {
      const rows = Array.from({ length: 1_000 }, (_, at) => `工人${at},E1,worker,zh-CN,,,,,,,yes`);
      const header = "name,unit,post,locale,phone,telegram,slack,feishu,dingtalk,wecom,web";
      const many = files.write("many.csv", `${header}\n${rows.join("\n")}\n`);
      const killed = start(["import", many], env);
      const asked = asking({ command: "import", files: [many], dryRun: false, complete: [], json: false });
      await Promise.all([
        knock(asked, 30),
        knock(asked, 100),
        knock(asking({ command: "verify", file: null, saveHead: null, json: true }), 0),
      ]);
      killed.signal("SIGKILL");
      await killed.ended;
      expect((await fetch(`${origin}/readyz`)).status).toBe(200);
      const settled = async () => {
        const answers = lines(await knock(asked)).map((line) => JSON.parse(line));
        return answers.some(({ exit }) => exit === 0) ? answers.map(({ out = "" }) => out).join("") : "";
      };
      await expect.poll(settled, { timeout: 90_000, interval: 500 }).toMatch(/^Nothing changed/);
    },
    TIMEOUT,
  );

  it(
    "are not carried out for a stranger, nor for a babbler",
    async () => {
      const publish = {
        command: "publish",
        file: files.notice("石安委办〔2026〕19号"),
        dryRun: false,
        at: null,
        json: false,
      };
      const answers = await Promise.all([
        knock(asking(publish, "guessed")),
        knock(asking(publish, "")),
        knock("GET / HTTP/1.1\r\n\r\n"),
        knock("null\n"),
        knock(new Uint8Array(3 * 1024 * 1024).fill(0xff)),
        knock(asking({ command: "rm" })),
        knock("{", 50),
      ]);
      for (const answer of answers) expect(answer).not.toMatch(/"(out|exit)":(?!1\})/);
      expect((await fetch(`${origin}/readyz`)).status).toBe(200);
      const still = await knock(
        asking({ command: "coverage", number: "石安委办〔2026〕19号", under: null, json: true }),
      );
      expect(still).toMatch(/There is no notice/);
    },
    TIMEOUT,
  );
});

describe("an end", () => {
  it(
    "by kill -9 loses nothing; when the database's thread dies, the process says so in one line and ends",
    async () => {
      const coverage = asking({ command: "coverage", number: NUMBER, under: null, json: true });
      const told = async (asked: string) => JSON.parse(outOf(await knock(asked)));
      await expect.poll(async () => (await told(coverage)).queued, { timeout: 30_000 }).toBe(0);
      const before = await told(coverage);
      service.signal("SIGKILL");
      expect((await service.ended).code).toBe(null);

      await serve(["--inspect=127.0.0.1:0"]);
      const after = asking({ command: "coverage", number: NUMBER, under: null, json: true });
      expect(await told(after)).toEqual(before);
      const [, url = ""] = await service.prints(/Debugger listening on (ws:\S+)/);
      const said = service.err().length;
      await killThreads(url);
      const ended = await service.ended;
      expect(ended.code).toBe(1);
      const last = lines(ended.err.slice(said)).filter(
        (line) => !/^(Debugger|For help|Waiting for the debugger)/.test(line),
      );
      expect(last, ended.err).toEqual([expect.stringMatching(/^The embedded database has (ended|failed)/)]);

      const direct = await chuanda("coverage", NUMBER, "--json");
      expect(direct, direct.err).toMatchObject({ code: 0, err: "" });
      expect(JSON.parse(direct.out)).toEqual(before);
    },
    TIMEOUT,
  );

  it(
    "by SIGTERM is orderly, soon, and leaves the door closed",
    async () => {
      await serve();
      const asked = Date.now();
      service.signal("SIGTERM");
      const ended = await service.ended;
      expect(ended.code, ended.err).toBe(0);
      expect(Date.now() - asked).toBeLessThan(25_000);
      expect(readdirSync(dataDir)).not.toContain("control.token");
      expect(readdirSync(dataDir)).not.toContain("control.sock");
    },
    TIMEOUT,
  );
});
