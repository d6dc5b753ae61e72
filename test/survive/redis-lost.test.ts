import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bullQueue } from "../../src/queue/bull-queue.ts";
import { freshPostgres, startRedis } from "../setup/database.ts";
import { testLog } from "../setup/log.ts";
import { type Broadcast, broadcast, flushRedis } from "./broadcast.ts";

describe("a Redis that forgets everything, and one that goes away", () => {
  let redis: Awaited<ReturnType<typeof startRedis>>;
  let world: Broadcast;
  let hint: () => Promise<void>;
  let stopQueue: () => Promise<void>;

  beforeAll(async () => {
    redis = await startRedis({ persistence: "aof" });
    world = await broadcast({ postgres: await freshPostgres(), redisUrl: redis.url }, 30);
    const queue = await bullQueue({ redisUrl: redis.url, pool: null as never, log: testLog() });
    hint = () => queue.hint({ name: "dispatch", id: "scripted-telegram" });
    stopQueue = queue.stop;
    await Promise.all(["a", "b"].map(world.start));
  });
  afterAll(async () => {
    await stopQueue();
    await world.close();
    await redis.stop();
  });

  it("cost nobody a message, and nothing more than seconds", async () => {
    const first = await world.publish(1_000);
    await hint();
    await world.sent(300);
    await flushRedis(redis.url);
    const flushed = Date.now();
    expect(await world.over(first.ids, 10_000)).toEqual({ sent: 1_000 });

    await redis.kill("SIGKILL");
    const second = await world.publish(500, "urgent");
    await hint();
    expect(await world.over(second.ids, 10_000)).toEqual({ sent: 500 });

    await redis.restart();
    const third = await world.publish(500);
    await hint();
    expect(await world.over(third.ids, 10_000)).toEqual({ sent: 500 });
    expect(Date.now() - flushed).toBeLessThan(30_000);
    for (const { to } of [first, second, third]) expect(new Set(world.received(to))).toEqual(new Set([1]));
  }, 60_000);

  it("leave hints working again afterwards", async () => {
    const { ids } = await world.publish(1, "urgent");
    await hint();
    expect(await world.over(ids, 3_000)).toEqual({ sent: 1 });
  });
});
