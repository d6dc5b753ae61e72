import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import fc from "fast-check";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Ask, Flow, Slot } from "../../src/domain/pace.ts";
import { flowOf, reserve } from "../../src/domain/pace.ts";
import type { Limiter } from "../../src/ports/limiter.ts";
import { redisLimiter } from "../../src/queue/redis-limiter.ts";
import { limiting } from "../../src/services/limit.ts";
import { paceStore } from "../../src/store/paces.ts";
import { overEmbedded, overPostgres } from "../scripted/open.ts";
import { freshEmbedded, freshPostgres, redisUrl } from "../setup/database.ts";
import { testLog } from "../setup/log.ts";

const closings: (() => Promise<unknown>)[] = [];
afterAll(async () => {
  for (const close of closings.splice(0)) await close();
});

const now = () => new Date();
const clock = { real: now };

const onDatabase = async (open: ReturnType<typeof overPostgres>): Promise<Limiter> => {
  const base = await open;
  closings.push(() => base.close());
  return limiting({ shared: null, paces: paceStore(base.db), clock, log: testLog() });
};

const onRedis = async (): Promise<Limiter> => {
  const limiter = redisLimiter(await redisUrl());
  closings.push(() => limiter.close());
  await sleep(100);
  return limiter;
};

const LIMITERS: Readonly<Record<string, () => Promise<Limiter>>> = {
  Redis: onRedis,
  PostgreSQL: async () => onDatabase(overPostgres(await freshPostgres())),
  "the embedded database": async () => onDatabase(overEmbedded(await freshEmbedded())),
};

const all: Flow = flowOf("all", { count: 50, seconds: 1, burst: 1 });
const ask = (parts: Partial<Ask>): Ask => ({
  ...{ common: { ...all, name: randomUUID() }, own: [[]], lead: 0, ahead: 100_000, behind: null, holds: null },
  ...parts,
});

describe.each(Object.entries(LIMITERS))("slots kept in %s", (_, open) => {
  let limiter: Limiter;
  beforeAll(async () => {
    limiter = await open();
  });

  it("come at the platform's pace for many processes together, and stop when it is frozen", async () => {
    const request = ask({ own: Array.from({ length: 9 }, () => []) });
    const went: number[] = [];
    const since = Date.now();
    const process = async () => {
      while (Date.now() - since < 600) {
        const asked = performance.now();
        const slots = await limiter.reserve(request);
        const waits = slots.map(({ micros }) => micros / 1_000);
        for (const slot of slots) if (slot.kind === "granted") went.push(asked + slot.micros / 1_000);
        await sleep(Math.max(1, Math.min(...waits)));
      }
    };
    await Promise.all([process(), process(), process()]);
    // A slot each 20 ms from the first on, as far as it is told ahead.
    const seconds = (Date.now() - since) / 1_000;
    expect(went.length).toBeGreaterThan(4);
    expect(went.length).toBeLessThanOrEqual(Math.ceil((seconds + 0.1) * 50) + 1);
    await limiter.freeze(request.common, 30_000_000);
    const [slot] = (await limiter.reserve(request)) as [Slot];
    expect(slot.kind).toBe("wait");
    expect(slot.micros).toBeGreaterThan(29_000_000);
  });

  it("are what the arithmetic says", async () => {
    const flow = fc.record({ count: fc.integer({ min: 1, max: 9 }), seconds: fc.constant(60), burst: fc.nat(3) });
    const own = fc.array(fc.array(fc.tuple(fc.constantFrom("a", "b", "c"), flow), { maxLength: 2 }), { maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(fc.array(own, { minLength: 1, maxLength: 4 }), async (rounds) => {
        const id = randomUUID();
        const common = flowOf(`${id} all`, { count: 60, seconds: 60, burst: 2 });
        const dues = new Map<string, number>();
        for (const wishes of rounds) {
          const flows = wishes.map((each) => each.map(([name, how]) => flowOf(`${id} ${name}`, { ...how, burst: 1 })));
          const request = ask({ common, own: flows, ahead: 3_000_000 });
          const expected = reserve(dues, request, Date.now() * 1_000);
          for (const [name, due] of expected.dues) dues.set(name, due);
          const found = await limiter.reserve(request);
          const shape = (slots: readonly Slot[]) => slots.map((each) => [each.kind, "scope" in each && each.scope]);
          expect(shape(found)).toEqual(shape(expected.slots));
          for (const [at, slot] of found.entries())
            expect(Math.abs(slot.micros - (expected.slots[at]?.micros ?? 0))).toBeLessThan(700_000);
        }
      }),
      { numRuns: 15 },
    );
  });
});

it("goes on with the database while Redis is away, and says so once", async () => {
  const base = await overPostgres(await freshPostgres());
  closings.push(() => base.close());
  const log = testLog();
  const shared = redisLimiter("redis://127.0.0.1:1/0");
  closings.push(() => shared.close());
  const limiter = limiting({ shared, paces: paceStore(base.db), clock, log });
  const request = ask({});
  expect(await limiter.reserve(request)).toEqual([{ kind: "granted", micros: 0 }]);
  expect((await limiter.reserve(request)).map(({ kind }) => kind)).toEqual(["granted"]);
  expect(log.entries.filter(({ event }) => event === "limiter-lost")).toHaveLength(1);
});

it("names nothing in Redis that its user may not touch", async () => {
  const url = await redisUrl();
  const limiter = redisLimiter(url);
  const redis = new Redis(url);
  closings.push(
    () => limiter.close(),
    async () => redis.disconnect(),
  );
  await sleep(100);
  await limiter.reserve(ask({ holds: { name: "urgent", micros: 1_000_000 } }));
  const keys = await redis.keys("*");
  const ours = keys.filter((key) => !key.startsWith("bull:"));
  expect(ours.length).toBeGreaterThan(1);
  for (const key of ours) expect(key).toMatch(/^chuanda:pace:/);
});
