import { setTimeout as sleep } from "node:timers/promises";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { Database } from "../../src/database/database.ts";
import { openDatabase } from "../../src/database/open-database.ts";
import type { Hint, Queue } from "../../src/ports/queue.ts";
import { bullQueue } from "../../src/queue/bull-queue.ts";
import { freshEmbedded, freshPostgres, redisUrl, startRedis } from "../setup/database.ts";
import { testLog } from "../setup/log.ts";

interface Place {
  open(): Promise<Queue>;
  close(): Promise<void>;
}

const onPostgres = async (): Promise<{ database: Database; drop(): Promise<void> }> => {
  const { url, drop } = await freshPostgres();
  return { database: await openDatabase({ url, dataDir: "", log: testLog(), onDeath: () => {} }), drop };
};

const places: Readonly<Record<string, () => Promise<Place>>> = {
  async PGlite() {
    const { database, drop } = await freshEmbedded();
    const open = () => bullQueue({ redisUrl: null, pool: database.queuePool, log: testLog() });
    return { open, close: drop };
  },
  async PostgreSQL() {
    const { database, drop } = await onPostgres();
    const open = () => bullQueue({ redisUrl: null, pool: database.queuePool, log: testLog() });
    const close = async () => {
      await database.close();
      await drop();
    };
    return { open, close };
  },
  async Redis() {
    const url = await redisUrl();
    const open = () => bullQueue({ redisUrl: url, pool: null as never, log: testLog() });
    return { open, close: async () => {} };
  },
};

const until = async (true_: () => boolean, ms = 10_000): Promise<void> => {
  for (const end = Date.now() + ms; !true_(); await sleep(10)) if (Date.now() > end) throw new Error("never came true");
};

describe.each(Object.keys(places))("a queue of hints on %s", (name) => {
  let place: Place;
  const open: Queue[] = [];
  const opened = async () => {
    const queue = await place.open();
    open.push(queue);
    return queue;
  };

  beforeAll(async () => {
    place = await (places[name] as (typeof places)[string])();
  });
  afterAll(async () => {
    await Promise.all(open.map((queue) => queue.stop()));
    await place.close();
  });

  it("hands each hint to one process, soon", async () => {
    const [one, two] = [await opened(), await opened()];
    const taken: Hint[] = [];
    const run = async (hint: Hint) => void taken.push(hint);
    await one.work(run);
    await two.work(run);
    const hints = ["1", "2", "3", "4", "5"].map((id) => ({ name: "answer", id }) as const);
    const begun = Date.now();
    await (await opened()).hint(...hints);
    await until(() => taken.length >= hints.length);
    expect(Date.now() - begun).toBeLessThan(3_000);
    await sleep(200);
    expect(taken.map(({ id }) => id).sort()).toEqual(["1", "2", "3", "4", "5"]);
    await Promise.all([one.stop(), two.stop()]);
  });

  it("folds hints that wait into one, and runs once more for those that come meanwhile", async () => {
    const queue = await opened();
    let begun = 0;
    let release = () => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const hint = { name: "dispatch", id: "web" } as const;
    await queue.hint(hint);
    await queue.hint(hint);
    await queue.work(async () => {
      begun += 1;
      if (begun === 1) await gate;
    });
    await until(() => begun === 1);
    await queue.hint(hint);
    await queue.hint(hint);
    release();
    await until(() => begun === 2);
    await sleep(300);
    expect(begun).toBe(2);
    await queue.hint(hint);
    await until(() => begun === 3);
    await queue.stop();
  });

  it("goes on after a hint that fails", async () => {
    const queue = await opened();
    const taken: string[] = [];
    await queue.work(async ({ id }) => {
      taken.push(id);
      if (id === "bad") throw new Error("this one fails");
    });
    await queue.hint({ name: "seal", id: "bad" });
    await until(() => taken.includes("bad"));
    await queue.hint({ name: "seal", id: "good" });
    await until(() => taken.includes("good"));
    await queue.stop();
  });

  it("finishes what is under way before it stops", async () => {
    const queue = await opened();
    let ended = false;
    let begun = false;
    await queue.work(async () => {
      begun = true;
      await sleep(300);
      ended = true;
    });
    await queue.hint({ name: "answer", id: "slow" });
    await until(() => begun);
    await queue.stop();
    expect(ended).toBe(true);
  });

  it("answers a ping and has nothing to warn of", async () => {
    const queue = await opened();
    await queue.ping();
    if (name !== "Redis") expect(await queue.warnings()).toEqual([]);
  });
});

describe("a queue on a Redis that misbehaves", () => {
  it("warns of one that evicts and forgets, and not of one that is set up well", async () => {
    const bad = await startRedis({ persistence: "none", options: ["--maxmemory-policy", "allkeys-lru"] });
    const good = await startRedis({ persistence: "aof", options: ["--maxmemory-policy", "noeviction"] });
    const warnings = async (url: string) => {
      const queue = await bullQueue({ redisUrl: url, pool: null as never, log: testLog() });
      await queue.ping();
      const found = await queue.warnings();
      await queue.stop();
      return found;
    };
    const said = vi.spyOn(console, "warn");
    expect(await warnings(bad.url)).toEqual(["evicts", "volatile"]);
    expect(await warnings(good.url)).toEqual([]);
    expect(said).not.toHaveBeenCalled();
    said.mockRestore();
    await Promise.all([bad.stop(), good.stop()]);
  });

  it("hints without hanging while it is away, says so once, and works again when it is back", async () => {
    const redis = await startRedis({ persistence: "none" });
    const log = testLog();
    const queue = await bullQueue({ redisUrl: redis.url, pool: null as never, log });
    const taken: string[] = [];
    await queue.work(async ({ id }) => void taken.push(id));
    await queue.hint({ name: "answer", id: "before" });
    await until(() => taken.includes("before"));
    await redis.kill("SIGKILL");
    const begun = Date.now();
    for (const id of ["a", "b", "c"]) await queue.hint({ name: "answer", id });
    expect(Date.now() - begun).toBeLessThan(8_000);
    await expect(queue.ping()).rejects.toThrow();
    expect(log.entries.filter(({ event }) => event === "queue-lost")).toHaveLength(1);
    await redis.restart();
    const back = Date.now();
    while (!taken.includes("after") && Date.now() - back < 10_000) {
      await queue.hint({ name: "answer", id: "after" });
      await sleep(200);
    }
    expect(taken).toContain("after");
    await queue.stop();
    await redis.stop();
  });

  it("stops within seconds while it is away", async () => {
    const redis = await startRedis({ persistence: "none" });
    const queue = await bullQueue({ redisUrl: redis.url, pool: null as never, log: testLog() });
    const taken: string[] = [];
    await queue.work(async ({ id }) => void taken.push(id));
    await queue.hint({ name: "answer", id: "before" });
    await until(() => taken.includes("before"));
    await redis.kill("SIGKILL");
    const begun = Date.now();
    await queue.stop();
    expect(Date.now() - begun).toBeLessThan(10_000);
    await redis.stop();
  });

  it("goes on by itself after everything in it was deleted", async () => {
    const redis = await startRedis({ persistence: "none" });
    const queue = await bullQueue({ redisUrl: redis.url, pool: null as never, log: testLog() });
    const taken: string[] = [];
    await queue.work(async ({ id }) => void taken.push(id));
    await queue.hint({ name: "answer", id: "before" });
    await until(() => taken.includes("before"));
    const client = new Redis(redis.url);
    await client.flushall();
    client.disconnect();
    await queue.hint({ name: "answer", id: "after" });
    await until(() => taken.includes("after"));
    await queue.stop();
    await redis.stop();
  });
});

describe("a queue on a PostgreSQL that misbehaves", () => {
  it("takes hints again by itself after every connection was cut", async () => {
    const { url, drop } = await freshPostgres();
    const database = await openDatabase({ url, dataDir: "", log: testLog(), onDeath: () => {} });
    const queue = await bullQueue({ redisUrl: null, pool: database.queuePool, log: testLog() });
    const taken: string[] = [];
    await queue.work(async ({ id }) => void taken.push(id));
    await queue.hint({ name: "answer", id: "before" });
    await until(() => taken.includes("before"));
    const cutter = await openDatabase({ url, dataDir: "", log: testLog(), onDeath: () => {} });
    await cutter.pool.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
    );
    const cut = Date.now();
    for (let n = 0; taken.length < 2; n++) {
      await queue.hint({ name: "answer", id: `after-${n}` });
      await sleep(100);
      if (Date.now() - cut > 10_000) throw new Error("the worker has gone deaf");
    }
    await queue.stop();
    await Promise.all([database.close(), cutter.close()]);
    await drop();
  });
});
