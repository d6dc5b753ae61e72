import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { contentHash } from "../../src/ledger/content-hash.ts";
import { entryBytes } from "../../src/ledger/entry-bytes.ts";
import { recallNotice } from "../../src/services/recall-notice.ts";
import { amendStore } from "../../src/store/amends.ts";
import { eventually } from "../scripted/eventually.ts";
import { freshPostgres, redisUrl } from "../setup/database.ts";
import { type Broadcast, broadcast } from "./broadcast.ts";

const PEOPLE = 500;

describe("a notice recalled in the middle of a broadcast by two workers", () => {
  let world: Broadcast;
  beforeAll(async () => {
    world = await broadcast({ postgres: await freshPostgres(), redisUrl: await redisUrl() }, 20);
  });
  afterAll(() => world.close());

  it("stops with what has begun, and reaches everybody whom it had reached, once", async () => {
    const { db, chats, all } = world;
    await Promise.all(["a", "b"].map(world.start));
    const { to, ids } = await world.publish(PEOPLE);
    // A few are asked to wait when they had begun already: they must not be tried again.
    await world.sent(60);
    chats.plan({ on: "send", times: 10, trouble: { kind: "limited", seconds: 1, of: "requests" } });
    await world.sent(120);
    const number = (await db.notice.findFirstOrThrow()).number;
    const parts = { amends: amendStore(db, entryBytes), hash: contentHash, clock: all.clock };
    const recall = () =>
      recallNotice(
        { ...parts, queue: { hint: async () => {} }, platforms: ["scripted-telegram"] },
        number,
        "日期写错了",
        {
          dryRun: false,
        },
      );
    // Given twice at once, it is done once.
    const done = await Promise.all([recall(), recall()]);
    const unbegun = await db.delivery.findMany({
      where: { id: { in: [...ids] }, state: "stopped" },
      select: { id: true },
    });
    const stopped = new Set(unbegun.map(({ id }) => id));
    expect(done.map(({ kind }) => kind).sort()).toEqual(["done", "recalled"]);
    expect(done.find(({ kind }) => kind === "done")).toMatchObject({ stopped: stopped.size });
    expect(stopped.size).toBeGreaterThan(0);
    expect(stopped.size).toBeLessThan(PEOPLE - 60);

    await world.over(ids);
    const told = await eventually(
      () => db.delivery.groupBy({ by: ["state"], where: { kind: "recalled" }, _count: true }),
      (rows) => rows.length === 1 && rows[0]?.state === "sent",
    );
    expect(told[0]?._count).toBeLessThanOrEqual(PEOPLE - stopped.size);
    await eventually(
      () => db.delivery.count({ where: { kind: "notice", state: "sent", drawnRev: { lt: 2 } } }),
      (stale) => stale === 0,
    );
    for (const [at, { chat }] of to.entries()) {
      const shown = chats.shows(chat).map(({ text }) => text);
      const cards = shown.filter((text) => text.includes("某县 发布") || text.includes("这份通知已撤回"));
      const words = shown.filter((text) => text.includes("《汛期安全检查》已撤回"));
      if (stopped.has(ids[at] as never)) expect(shown).toEqual([]);
      else {
        expect(words).toHaveLength(1);
        expect(cards.filter((text) => !text.includes("这份通知已撤回"))).toEqual([]);
      }
    }
  }, 60_000);
});
