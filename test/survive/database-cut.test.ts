import { afterEach, describe, expect, it } from "vitest";
import { openDatabase } from "../../src/database/open-database.ts";
import { freshPostgres, redisUrl, startPostgres } from "../setup/database.ts";
import { testLog } from "../setup/log.ts";
import { type Broadcast, broadcast, cutConnections } from "./broadcast.ts";

describe("a broadcast", () => {
  let world: Broadcast;
  afterEach(() => world.close());

  it("goes on when every connection to the database is cut, again and again", async () => {
    const postgres = await freshPostgres();
    world = await broadcast({ postgres, redisUrl: await redisUrl() }, 30);
    await Promise.all(["a", "b"].map(world.start));
    const { to, ids } = await world.publish(1_500);
    for (const count of [400, 800, 1_200]) {
      await world.sent(count);
      expect(await cutConnections(postgres.url)).toBeGreaterThan(0);
    }
    expect(await world.over(ids, 30_000)).toEqual({ sent: 1_500 });
    expect(new Set(world.received(to))).toEqual(new Set([1]));
  }, 90_000);

  it("goes on within ten seconds after the database was stopped and started again", async () => {
    const server = await startPostgres();
    const { migrate, close } = await openDatabase({ url: server.url, dataDir: "", log: testLog(), onDeath: () => {} });
    await migrate();
    await close();
    world = await broadcast({ postgres: { url: server.url, drop: server.stop }, redisUrl: await redisUrl() }, 30);
    await Promise.all(["a", "b"].map(world.start));
    const { to, ids } = await world.publish(1_500);
    await world.sent(500);
    await server.kill("SIGINT");
    await new Promise((resolve) => setTimeout(resolve, 6_000));
    await server.restart();
    const back = Date.now();
    const before = world.chats.requests.length;
    await world.sent(before + 1);
    expect(Date.now() - back).toBeLessThan(10_000);
    expect(await world.over(ids, 30_000)).toEqual({ sent: 1_500 });
    expect(new Set(world.received(to))).toEqual(new Set([1]));
  }, 90_000);
});
