import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { DeliveryId } from "../../src/domain/ids.ts";
import type { ChatPlatform, Limits } from "../../src/ports/chat-platform.ts";
import type { DeliveryStore } from "../../src/ports/store/delivery-store.ts";
import { type Dispatcher, dispatcher } from "../../src/services/dispatch.ts";
import { eventually } from "../scripted/eventually.ts";
import { TELEGRAM } from "../scripted/habits.ts";
import type { Recipient } from "../scripted/office.ts";
import type { Open } from "../scripted/open.ts";
import { overPostgres } from "../scripted/open.ts";
import type { Parts } from "../scripted/parts.ts";
import { parts } from "../scripted/parts.ts";
import type { ScriptedServer } from "../scripted/scripted-server.ts";
import { freshPostgres } from "../setup/database.ts";
import { emptyTables } from "../setup/empty-tables.ts";

describe("the dispatcher", () => {
  let base: Open;
  let all: Parts;
  let there: ScriptedServer;
  const bots: ChatPlatform[] = [];
  const running: Dispatcher[] = [];
  let serial = 0;

  beforeAll(async () => {
    base = await overPostgres(await freshPostgres());
  });
  afterAll(() => base.close());
  beforeEach(async () => {
    await emptyTables(base.db, "delivery", "platform_pause", "pace");
    all = parts(base.db);
    there = await TELEGRAM.server();
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((each) => each.stop()));
    await Promise.all(bots.splice(0).map((bot) => bot.stop()));
    await there.close();
    expect(there.chats.violations).toEqual([]);
  });

  const bot = (limits: Partial<Limits> = {}): ChatPlatform => {
    const made = TELEGRAM.platform(there.url, all.keys, { perSecond: null, ...limits });
    bots.push(made);
    return made;
  };
  const start = (platform: ChatPlatform, more: Partial<Parameters<typeof dispatcher>[0]> = {}): Dispatcher => {
    const { deliveries, draw, limiter, hide, clock, log } = all;
    const newLeaseId = () => `${++serial}`;
    const made = dispatcher({ platform, deliveries, draw, limiter, hide, clock, log, newLeaseId, ...more });
    running.push(made);
    return made;
  };
  const people = (count: number): Promise<readonly Recipient[]> => {
    const chats = Array.from({ length: count }, () => there.newChat());
    for (const chat of chats) there.chats.open(chat);
    return all.office.people("scripted-telegram", chats);
  };
  const broadcast = async (to: readonly Recipient[], lane: "bulk" | "urgent" = "bulk") =>
    all.office.deliver(to, await all.office.notice(all.clock.now()), lane, all.clock.now());
  const states = (wanted: object, ms?: number) =>
    eventually(
      () => all.office.states(),
      (found) => JSON.stringify(found) === JSON.stringify(wanted),
      ms,
    );
  const received = (to: readonly Recipient[]) => to.map(({ chat }) => there.chats.shows(chat).length);
  const slow = (ms: number) =>
    there.chats.plan({ on: "send", times: Number.POSITIVE_INFINITY, trouble: { kind: "slow", ms } });

  it("lets warnings and answers overtake a broadcast to five thousand", async () => {
    slow(20);
    await broadcast(await people(5_000));
    const running = start(bot({ concurrency: 10 }));
    await eventually(
      () => there.chats.requests.length,
      (count) => count > 100,
    );
    const [warned, asking] = (await people(2)) as [Recipient, Recipient];
    const overtaken = async (write: () => Promise<unknown>, { chat }: Recipient) => {
      await write();
      const before = there.chats.requests.length;
      running.wake();
      await eventually(
        () => there.chats.shows(chat).length,
        (count) => count === 1,
      );
      return there.chats.requests.findIndex((request) => request.chat === chat) - before;
    };
    expect(await overtaken(() => broadcast([warned], "urgent"), warned)).toBeLessThan(100);
    expect(await overtaken(() => all.office.reply([asking], all.clock.now()), asking)).toBeLessThan(100);
    expect(there.chats.requests.length).toBeLessThan(4_000);
  });

  it("shares the work with others of its kind: nobody twice, nobody left out", async () => {
    const to = await people(2_000);
    await broadcast(to);
    start(bot());
    start(bot());
    start(bot());
    await states({ sent: 2_000 }, 60_000);
    expect(new Set(received(to))).toEqual(new Set([1]));
  }, 90_000);

  it("sends to one chat in the order in which it was told, one message at a time", async () => {
    slow(60);
    const to = await people(3);
    for (let n = 0; n < 8; n++) await broadcast(to);
    start(bot());
    await states({ sent: 24 });
    for (const { chat } of to) {
      const numbers = there.chats.shows(chat).map(({ text }) => Number(/〕(\d+)号/.exec(text)?.[1]));
      expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
      const at = there.chats.requests.filter((request) => request.chat === chat).map((request) => request.at);
      expect(Math.min(...at.slice(1).map((next, n) => next - (at[n] ?? 0)))).toBeGreaterThanOrEqual(55);
    }
  });

  it("keeps to the platform's pace", async () => {
    await broadcast(await people(60));
    start(bot({ perSecond: 30 }));
    await states({ sent: 60 });
    const at = there.chats.requests.map((request) => request.at);
    const busiest = Math.max(...at.map((from) => at.filter((other) => other >= from && other < from + 1_000).length));
    expect(busiest).toBeLessThanOrEqual(33);
    expect((at.at(-1) ?? 0) - (at[0] ?? 0)).toBeLessThan(3_500);
  });

  it("finishes what is under way when it stops, and gives the rest back untouched", async () => {
    slow(700);
    const to = await people(300);
    await broadcast(to);
    const platform = bot({ concurrency: 20 });
    const first = start(platform);
    await eventually(
      () => there.chats.requests.length,
      (count) => count > 0,
    );
    const asked = Date.now();
    await first.stop();
    expect(Date.now() - asked).toBeLessThan(3_000);
    const { sent = 0, pending = 0, ...others } = await all.office.states();
    expect([sent + pending, others]).toEqual([300, {}]);
    expect(sent).toBe(there.chats.requests.length);
    expect(
      await base.db.delivery.count({
        where: { state: "pending", OR: [{ begunAt: { not: null } }, { attempts: { gt: 0 } }] },
      }),
    ).toBe(0);
  });

  /** The real store, and a line to it that breaks at every third request or so, before it took effect or after. */
  const breaking = (store: DeliveryStore): DeliveryStore => {
    let calls = 0;
    const broken = () => new Error("the line to the database broke");
    const wrap =
      <In extends unknown[], Out>(call: (...args: In) => Promise<Out>) =>
      async (...args: In): Promise<Out> => {
        const chance = (Math.imul(++calls, 2_654_435_761) >>> 16) % 6;
        if (chance === 2) throw broken();
        const answer = await call(...args);
        if (chance === 5) throw broken();
        return answer;
      };
    return {
      ...store,
      claim: wrap(store.claim),
      begin: wrap(store.begin),
      settle: wrap(store.settle),
      renew: wrap(store.renew),
    };
  };

  it("loses and doubles nothing on a line to the database that keeps breaking", async () => {
    const to = await people(200);
    await broadcast(to);
    start(bot(), { deliveries: breaking(all.deliveries) });
    const sweeping = setInterval(() => void all.sweep(), 500);
    await states({ sent: 200 }, 60_000).finally(() => clearInterval(sweeping));
    expect(new Set(received(to))).toEqual(new Set([1]));
    expect(all.log.entries.some(({ event }) => event === "results-not-written")).toBe(true);
  }, 90_000);

  it("takes a platform that throws for a bug: logs it, and doubts the message", async () => {
    const [to] = (await people(1)) as [Recipient];
    await broadcast([to]);
    const platform = bot();
    start({
      ...platform,
      send: async () => {
        throw new Error("a bug");
      },
    });
    await states({ "in-doubt": 1 });
    expect(all.log.entries.filter(({ event }) => event === "platform-threw")).toHaveLength(1);
  });

  it("sends the others when one message cannot be drawn, and gives that one up at last", async () => {
    const to = await people(40);
    const ids = await broadcast(to);
    const bad = ids[17] as DeliveryId;
    start(bot(), {
      draw: async (wanted) => {
        if (wanted.includes(bad)) throw new Error("a bug");
        return all.draw(wanted);
      },
    });
    const { pending } = await eventually(
      () => all.office.states(),
      ({ sent }) => sent === 39,
    );
    expect(pending ?? 1).toBe(1);
    const travel = setInterval(() => all.clock.travel(60_000), 100);
    await states({ refused: 1, sent: 39 }).finally(() => clearInterval(travel));
    expect((await all.office.row(bad)).why).toBe("cannot-be-drawn");
  });

  it("refuses a message of which there is nothing to show", async () => {
    const [to] = (await people(1)) as [Recipient];
    const [id] = (await broadcast([to])) as [DeliveryId];
    start(bot(), { draw: async () => new Map() });
    await states({ refused: 1 });
    expect((await all.office.row(id)).why).toBe("nothing-to-show");
  });

  it("draws afresh what has changed between its drawing and its sending", async () => {
    const [to] = (await people(1)) as [Recipient];
    const [id] = (await broadcast([to])) as [DeliveryId];
    let drawings = 0;
    start(bot(), {
      draw: async (ids) => {
        const cards = await all.draw(ids);
        drawings += 1;
        if (drawings === 1) {
          await base.db.notice.updateMany({ data: { state: "recalled" } });
          await base.db.delivery.update({ where: { id }, data: { wantedRev: { increment: 1 } } });
        }
        return cards;
      },
    });
    await states({ sent: 1 });
    await sleep(200);
    expect(drawings).toBe(2);
    expect(there.chats.shows(to.chat).map(({ edits }) => edits)).toEqual([0]);
    expect(await all.office.row(id)).toMatchObject({ drawnRev: 2, wantedRev: 2 });
  });

  it("notices a due row within two seconds without being told", async () => {
    start(bot());
    await sleep(100);
    await broadcast(await people(1));
    await states({ sent: 1 }, 2_000);
  });
});
