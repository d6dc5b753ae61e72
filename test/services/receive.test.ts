import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Incoming } from "../../src/ports/chat-platform.ts";
import type { Hint } from "../../src/ports/queue.ts";
import { receiver } from "../../src/services/receive.ts";
import { sweep } from "../../src/services/sweep.ts";
import { type Open, overPostgres } from "../scripted/open.ts";
import { type Parts, parts } from "../scripted/parts.ts";
import { freshPostgres } from "../setup/database.ts";

describe("an incoming event", () => {
  let base: Open;
  let all: Parts;
  let hints: Hint[];
  const queue = {
    hint: async (...given: readonly Hint[]) => {
      hints.push(...given);
    },
  };

  beforeAll(async () => {
    base = await overPostgres(await freshPostgres());
    all = parts(base.db);
  });
  afterAll(() => base.close());
  beforeEach(async () => {
    hints = [];
    await base.db.inbound.deleteMany();
  });

  const event = (id: string): Incoming => ({
    id,
    from: { platform: "web", chat: `chat ${id}` },
    language: null,
    what: { kind: "text", text: "好" },
  });
  const receive = (incoming: Incoming) => receiver({ ...all, queue })(incoming);

  it("is stored before the platform is answered, and then hinted at", async () => {
    await receive(event("1"));
    const [row] = await base.db.inbound.findMany();
    expect(hints).toEqual([{ name: "answer", id: String(row?.id) }]);
  });

  it("that comes again is stored once, and hinted at once", async () => {
    await receive(event("1"));
    await receive(event("1"));
    expect([await base.db.inbound.count(), hints.length]).toEqual([1, 1]);
    expect(all.log.entries.filter((entry) => entry.event === "event-repeated")).toHaveLength(1);
  });

  it("does not wait for a queue that hangs", async () => {
    const hanging = { hint: () => new Promise<void>(() => {}) };
    await receiver({ ...all, queue: hanging })(event("1"));
    expect(await base.db.inbound.count()).toBe(1);
  });

  it("that cannot be stored is the platform's to send again", async () => {
    const inbound = { put: () => Promise.reject(new Error("no room")) };
    await expect(receiver({ ...all, inbound, queue })(event("1"))).rejects.toThrow("no room");
    expect(hints).toEqual([]);
  });

  it("whose hint was lost is hinted at again by the sweep, and no more once somebody is at it", async () => {
    await receive(event("1"));
    await receive(event("2"));
    const round = () => sweep({ ...all, queue, idempotent: [] });
    hints = [];
    await round();
    expect(hints).toHaveLength(2);
    await all.inbound.claim(1, new Date(Date.now() + 10_000), all.times());
    hints = [];
    await round();
    expect(hints).toHaveLength(1);
  });
});
