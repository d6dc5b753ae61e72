import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { endPrograms, lines, type Program, run, start } from "./program.ts";
import { visitor } from "./visitor.ts";

const NINE = Date.parse("2020-04-13T01:00:00Z");
const NUMBER = "演示安委办〔2020〕17号";
const WORKS = "513401101-E01";
const PRINCIPAL = "/demo/as/principal";
const TIMEOUT = 180_000;

const dataDir = mkdtempSync(join(tmpdir(), "chuanda-demo-"));
const env = { DATA_DIR: dataDir };
const newcomer = visitor();
let demo: Program;
let origin: string;

const open = async (...args: readonly string[]): Promise<number> => {
  const begun = Date.now();
  demo = start(["demo", "--port", "0", "--locale", "zh-CN", ...args], env);
  [, origin = ""] = await demo.prints(/(http:\/\/127\.0\.0\.1:\d+)\/demo/, 90_000);
  return Date.now() - begun;
};
const serviceTime = async (): Promise<number> => {
  const [, at = ""] = /data-part="clock"[\s\S]*?datetime="([^"]+)"/.exec(await newcomer.page(origin, "/demo")) ?? [];
  return Date.parse(at);
};
const interrupt = async (): Promise<void> => {
  demo.signal("SIGINT");
  const ended = await demo.ended;
  expect(ended.code, ended.err).toBe(0);
  expect(ended.err).not.toMatch(/"level"|\n {4}at /);
};
/** Where the principal's own works stand, as the command line tells it. */
const works = async () => {
  const { code, out, err } = await run(["coverage", NUMBER, "--under", WORKS, "--json"], env);
  if (code !== 0) throw new Error(err);
  return JSON.parse(out).under[0];
};

let took: number;
beforeAll(async () => {
  took = await open("--fresh");
}, TIMEOUT);
afterAll(async () => {
  await endPrograms();
  rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 });
});

describe("the demo", () => {
  it("prints its address within a minute, and shows three phones at nine o'clock of a working day", async () => {
    console.log(`the demo's address came after ${took} ms`);
    expect(took).toBeLessThan(60_000);
    expect(demo.out()).toContain(`${origin}/demo`);
    const page = await newcomer.page(origin, "/demo");
    expect(page.match(/<section class="ph"/g)).toHaveLength(3);
    expect(page).toMatch(/何德昌/);
    const since = (await serviceTime()) - NINE;
    expect(since).toBeGreaterThanOrEqual(0);
    expect(since).toBeLessThan(120_000);
  });

  it(
    "counts the newcomer's tap",
    async () => {
      expect(await works()).toMatchObject({ code: WORKS, total: 1, fulfilled: 0 });
      await expect.poll(() => newcomer.page(origin, PRINCIPAL), { timeout: 15_000 }).toMatch(/✅/);
      expect((await newcomer.press(origin, /^✅/, PRINCIPAL)).status).toBe(303);
      await expect.poll(() => newcomer.page(origin, PRINCIPAL), { timeout: 15_000 }).toMatch(/↩/);
      expect(await works()).toMatchObject({ total: 1, fulfilled: 1, open: 0 });
    },
    TIMEOUT,
  );

  it(
    "keeps its folder to itself, and ends cleanly by Ctrl-C",
    async () => {
      const busy = await run(["serve"], { ...env, PORT: "0" });
      expect(busy).toMatchObject({ code: 1, out: "" });
      expect(lines(busy.err)).toHaveLength(1);
      const before = await serviceTime();
      await interrupt();
      const refused = await run(["serve"], { ...env, PORT: "0" });
      expect(refused).toMatchObject({ code: 1, out: "" });
      expect(refused.err).toMatch(/holds the demo, which cannot serve real people/);

      const stopped = Date.now();
      await open();
      const since = (await serviceTime()) - before;
      expect(since).toBeGreaterThanOrEqual(0);
      // Service time stood still while nothing ran.
      expect(since).toBeLessThan(Date.now() - stopped + 10_000);
      const page = await newcomer.page(origin, PRINCIPAL);
      expect(page).toMatch(/复工复产/);
      await expect(newcomer.press(origin, /^✅/, PRINCIPAL)).rejects.toThrow(/no button/);
      await interrupt();
    },
    TIMEOUT,
  );

  it(
    "starts over with --fresh",
    async () => {
      await open("--fresh");
      const since = (await serviceTime()) - NINE;
      expect(since).toBeGreaterThanOrEqual(0);
      expect(since).toBeLessThan(120_000);
      await expect.poll(() => newcomer.page(origin, PRINCIPAL), { timeout: 15_000 }).toMatch(/✅/);
      await interrupt();
    },
    TIMEOUT,
  );
});
