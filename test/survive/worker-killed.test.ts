import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freshPostgres, redisUrl } from "../setup/database.ts";
import { type Broadcast, broadcast, MOST_DOUBTS } from "./broadcast.ts";

const MINUTE = 60_000;

describe("workers that are killed in mid-broadcast", () => {
  let world: Broadcast;
  beforeAll(async () => {
    world = await broadcast({ postgres: await freshPostgres(), redisUrl: await redisUrl() }, 30);
  });
  afterAll(() => world.close());

  it("lose nothing, and leave in doubt no more than was under way; the rest goes on within ten seconds", async () => {
    const [first, second, third, last] = await Promise.all(["a", "b", "c", "d"].map(world.start));
    if (!first || !second || !third || !last) throw new Error("four workers are needed");
    const { to, ids } = await world.publish(2_000);
    await world.sent(400);
    await first.kill();
    await world.sent(900);
    await second.kill();
    await world.sent(1_400);
    await third.kill();
    const { sent = 0, "in-doubt": doubted = 0 } = await world.over(ids, 10_000);
    expect(sent + doubted).toBe(2_000);
    for (const name of ["a", "b", "c"]) {
      const rows = await world.db.delivery.count({ where: { state: "in-doubt", leaseId: { startsWith: `${name} ` } } });
      expect(rows).toBeGreaterThan(0);
      expect(rows).toBeLessThanOrEqual(MOST_DOUBTS);
    }
    const received = world.received(to);
    expect(Math.max(...received)).toBe(1);
    const doubts = await world.db.delivery.findMany({ where: { state: "in-doubt" }, select: { id: true } });
    const doubtful = new Set(doubts.map(({ id }) => id));
    expect(ids.filter((id, at) => received[at] !== 1 && !doubtful.has(id))).toEqual([]);

    last.travel(11 * MINUTE);
    await expect
      .poll(() => world.db.delivery.groupBy({ by: ["state"], _count: true }), { timeout: 10_000 })
      .toEqual([{ state: "sent", _count: 2_000 }]);
    const after = world.received(to);
    expect(Math.min(...after)).toBe(1);
    expect(after.filter((count) => count === 2).length).toBeLessThanOrEqual(doubted);
    expect(await world.db.delivery.count({ where: { repeats: 1 } })).toBe(doubted);
  }, 60_000);
});
