import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { DeliveryId } from "../../src/domain/ids.ts";
import type { Next } from "../../src/domain/settle.ts";
import type { Stream } from "../../src/domain/stream.ts";
import type { ClaimedDelivery } from "../../src/ports/store/delivery-store.ts";
import type { Recipient } from "../scripted/office.ts";
import type { Open } from "../scripted/open.ts";
import type { Parts } from "../scripted/parts.ts";
import { parts } from "../scripted/parts.ts";

const PLATFORM = "scripted-telegram";
const LEASE_MS = 4_000;
const MINUTE = 60_000;

/** What every store of deliveries does, on whatever database. */
export const deliveryStoreContract = (name: string, open: () => Promise<Open>): void => {
  describe(`the delivery store on ${name}`, () => {
    let base: Open;
    let all: Parts;
    let serial = 0;

    beforeAll(async () => {
      base = await open();
      all = parts(base.db);
    });
    afterAll(() => base.close());
    beforeEach(async () => {
      await base.db.$executeRaw`DELETE FROM "delivery"`;
      await base.db.$executeRaw`DELETE FROM "platform_pause"`;
    });

    /** `ahead` moves real time: leases and pauses run by it. */
    const times = (ahead = 0) => ({ now: all.clock.now(), real: new Date(Date.now() + ahead) });
    const people = (count: number) =>
      all.office.people(
        PLATFORM,
        Array.from({ length: count }, () => `${++serial}`),
      );
    const claim = (stream: Stream = "bulk", limit = 100, ahead = 0) => {
      const lease = { id: randomUUID(), until: new Date(Date.now() + ahead + LEASE_MS) };
      return all.deliveries.claim({ platform: PLATFORM, stream, limit, lease }, times(ahead));
    };
    const suspects = (ahead = 0) => {
      const lease = { id: randomUUID(), until: new Date(Date.now() + ahead + LEASE_MS) };
      return all.deliveries.claimSuspects(PLATFORM, lease, times(ahead));
    };
    const settle = (deliveries: readonly ClaimedDelivery[], next: Next) =>
      all.deliveries.settle(
        deliveries.map((delivery) => ({ delivery, next, shownLocale: "zh-CN" })),
        times(),
      );
    const one = async (lane: "urgent" | "bulk" = "bulk") => {
      const [to] = (await people(1)) as [Recipient];
      const notice = await all.office.notice(all.clock.now());
      const [id] = (await all.office.deliver([to], notice, lane, all.clock.now())) as [DeliveryId];
      return { to, notice, id };
    };
    const claimed = async (stream: Stream = "bulk", ahead = 0) => (await claim(stream, 1, ahead)) as [ClaimedDelivery];
    const sent = async () => {
      const made = await one();
      const [delivery] = await claimed();
      await all.deliveries.begin([delivery], times());
      await settle([delivery], { kind: "drawn", ref: `m${made.id}` });
      return { ...made, delivery };
    };
    const wantRedraw = (id: DeliveryId) =>
      base.db.delivery.update({ where: { id }, data: { wantedRev: { increment: 1 } } });

    describe("claiming", () => {
      it("takes what is due of one platform and one stream, the oldest first, with the addresses open", async () => {
        const to = await people(4);
        const notice = await all.office.notice(all.clock.now());
        const now = all.clock.now();
        const [b, a] = await all.office.deliver(to.slice(0, 2), notice, "bulk", now);
        await base.db.delivery.update({ where: { id: a as bigint }, data: { at: new Date(now.getTime() - 1_000) } });
        await all.office.deliver(to.slice(2, 3), notice, "urgent", now);
        await all.office.deliver(to.slice(3), notice, "bulk", new Date(now.getTime() + MINUTE));
        const found = await claim();
        expect(found.map(({ id }) => id)).toEqual([a, b]);
        expect(found[0]).toMatchObject({
          work: "send",
          lane: "bulk",
          address: { platform: PLATFORM, chat: to[1]?.chat },
          ref: null,
          rev: 1,
          attempts: 1,
        });
        expect(await claim("urgent")).toHaveLength(1);
        expect(
          await all.deliveries.claim(
            { platform: "web", stream: "bulk", limit: 9, lease: { id: "x", until: new Date() } },
            times(),
          ),
        ).toEqual([]);
      });

      it("gives a row to one claimant, however many ask at once", async () => {
        const notice = await all.office.notice(all.clock.now());
        await all.office.deliver(await people(60), notice, "bulk", all.clock.now());
        const hands = await Promise.all(Array.from({ length: 6 }, () => claim("bulk", 15)));
        const ids = hands.flat().map(({ id }) => id);
        const rest = await claim();
        expect(new Set([...ids, ...rest.map(({ id }) => id)]).size).toBe(60);
        expect(ids.length + rest.length).toBe(60);
      });

      it("gives nothing while the platform rests, and only the other kind of request while a method does", async () => {
        const { id } = await sent();
        await wantRedraw(id);
        await one();
        const pause = (method: string) =>
          base.db.platformPause.create({ data: { platform: PLATFORM, method, until: new Date(Date.now() + MINUTE) } });
        const rest = await pause("*");
        expect([await claim(), await claim("redraw")]).toEqual([[], []]);
        await base.db.platformPause.deleteMany();
        await pause("send");
        expect((await claim("redraw")).map(({ work, ref }) => [work, ref])).toEqual([["redraw", `m${id}`]]);
        expect(await claim()).toEqual([]);
        await base.db.platformPause.updateMany({ data: { until: new Date(Date.now() - 1) } });
        expect(rest.method).toBe("*");
        expect(await claim()).toHaveLength(1);
      });

      it("tells what cannot be read any more as gone, and hands out the rest", async () => {
        const erased = await one();
        const other = await one();
        await base.db.personKey.delete({ where: { personId: erased.to.person } });
        expect((await claim()).map(({ id }) => id)).toEqual([other.id]);
        expect(await all.office.row(erased.id)).toMatchObject({
          state: "gone",
          why: "address-unreadable",
          leaseId: null,
        });
      });
    });

    describe("beginning", () => {
      it("lets those leave that are still as they were claimed", async () => {
        const kept = await one();
        const redrawn = await one();
        const paused = await one();
        const found = await claim();
        await wantRedraw(redrawn.id);
        await base.db.delivery.update({ where: { id: paused.id }, data: { at: new Date(Date.now() + MINUTE) } });
        const may = await all.deliveries.begin(found, times());
        expect(may.map(({ id }) => id)).toEqual([kept.id]);
        expect((await all.office.row(kept.id)).begunAt).not.toBeNull();
        expect((await all.office.row(redrawn.id)).begunAt).toBeNull();
      });

      it("lets nobody leave whose claim has run out, or while the platform rests", async () => {
        await one();
        const [late] = await claimed();
        expect(await all.deliveries.begin([late], times(LEASE_MS + 1))).toEqual([]);
        await base.db.platformPause.create({
          data: { platform: PLATFORM, method: "*", until: new Date(Date.now() + MINUTE) },
        });
        expect(await all.deliveries.begin([late], times())).toEqual([]);
      });

      it("holds on to a claim that is renewed", async () => {
        await one();
        const [delivery] = await claimed();
        await all.deliveries.begin([delivery], times());
        await all.deliveries.renew([delivery], new Date(Date.now() + 3 * LEASE_MS));
        expect(await all.deliveries.sweep([], times(2 * LEASE_MS))).toMatchObject({ doubted: 0, returned: 0 });
      });
    });

    describe("settling", () => {
      it("writes what was sent, in service time", async () => {
        all.clock.travel(5 * MINUTE);
        const { id } = await sent();
        const row = await all.office.row(id);
        expect(row).toMatchObject({
          state: "sent",
          ref: `m${id}`,
          drawnRev: 1,
          shownLocale: "zh-CN",
          attempts: 0,
          leaseId: null,
        });
        expect(Math.abs((row.sentAt?.getTime() ?? 0) - all.clock.now().getTime())).toBeLessThan(5_000);
      });

      it("leaves a row alone that another claim has meanwhile", async () => {
        const { id } = await one();
        const [first] = await claimed();
        await all.deliveries.sweep([], times(LEASE_MS + 1));
        const [second] = (await suspects(LEASE_MS + 1)) as [ClaimedDelivery];
        await settle([first], { kind: "drawn", ref: "old" });
        expect(await all.office.row(id)).toMatchObject({ state: "sending", ref: null, leaseId: second.lease });
        await settle([first], { kind: "refused", why: "old" });
        expect(await all.office.row(id)).toMatchObject({ state: "sending", why: null });
      });

      it("lets a late truth settle a doubt", async () => {
        const { id } = await one();
        const [delivery] = await claimed();
        await all.deliveries.begin([delivery], times());
        await all.deliveries.sweep([], times(LEASE_MS + 1));
        expect(await all.office.row(id)).toMatchObject({ state: "in-doubt" });
        await settle([delivery], { kind: "drawn", ref: "m" });
        expect(await all.office.row(id)).toMatchObject({ state: "sent", ref: "m", doubtAt: null });
      });

      it("keeps what the person's answer has settled meanwhile, and adds what it could not know", async () => {
        const { id } = await one();
        const [delivery] = await claimed();
        await all.deliveries.begin([delivery], times());
        await base.db.delivery.update({
          where: { id },
          data: { state: "seen", sentAt: new Date(), seenAt: new Date(), wantedRev: { increment: 1 } },
        });
        await settle([delivery], { kind: "drawn", ref: "m" });
        expect(await all.office.row(id)).toMatchObject({ state: "seen", ref: "m", drawnRev: 1, wantedRev: 2 });
        expect(await claim("redraw")).toHaveLength(1);
      });

      it("makes everything for a chat wait when the chat is to wait, and nothing else", async () => {
        const [to, other] = (await people(2)) as [Recipient, Recipient];
        const now = all.clock.now();
        const ids = [];
        for (const whom of [to, to, other]) {
          ids.push(...(await all.office.deliver([whom], await all.office.notice(now), "bulk", now)));
        }
        const [delivery] = await claimed();
        await settle([delivery], { kind: "again", ms: MINUTE, scope: "chat", attempts: 0 });
        expect((await claim()).map(({ id }) => id)).toEqual([ids[2]]);
        all.clock.travel(MINUTE);
        expect((await claim()).map(({ id }) => id)).toEqual(ids.slice(0, 2));
      });

      it("makes a message wait alone when only that one is to wait", async () => {
        const [to] = (await people(1)) as [Recipient];
        const now = all.clock.now();
        await all.office.deliver([to], await all.office.notice(now), "bulk", now);
        const [second] = await all.office.deliver([to], await all.office.notice(now), "bulk", now);
        const [delivery] = await claimed();
        await settle([delivery], { kind: "again", ms: MINUTE, scope: "message", attempts: 3 });
        expect((await claim()).map(({ id }) => id)).toEqual([second]);
        expect(await all.office.row(delivery.id)).toMatchObject({ state: "pending", attempts: 3 });
      });

      it.each([
        ["bot", [0, 0]],
        ["method", [0, 1]],
      ] as const)("makes every process wait when the %s is to wait", async (scope, open) => {
        const before = await sent();
        await wantRedraw(before.id);
        const { id } = await one();
        const [delivery] = await claimed();
        await settle([delivery], { kind: "again", ms: MINUTE, scope, attempts: 0 });
        expect(await all.office.row(id)).toMatchObject({ state: "pending", attempts: 0 });
        expect([(await claim()).length, (await claim("redraw")).length]).toEqual(open);
        expect((await claim("bulk", 9, MINUTE + 1)).map((row) => row.id)).toEqual([id]);
      });

      it("keeps the longer of two waits", async () => {
        await one();
        await one();
        const found = await claim();
        const wait = (ms: number): Next => ({ kind: "again", ms, scope: "bot", attempts: 0 });
        await settle(found.slice(0, 1), wait(2 * MINUTE));
        await settle(found.slice(1), wait(MINUTE));
        expect(await claim("bulk", 9, MINUTE + 1)).toEqual([]);
      });

      it("gives an account its new address and sends there", async () => {
        const { id, to } = await one();
        const [delivery] = await claimed();
        await settle([delivery], { kind: "readdressed", to: { platform: PLATFORM, chat: `new-${to.chat}` } });
        expect((await claimed())[0]).toMatchObject({ id, address: { chat: `new-${to.chat}` } });
        const found = await base.db.account.findMany({
          where: { platform: PLATFORM, addressIndex: all.keys.index("address", `new-${to.chat}`) },
        });
        expect(found.map((account) => account.id)).toEqual([to.account]);
      });

      it("closes an account whose new address belongs to another", async () => {
        const [taken] = (await people(1)) as [Recipient];
        const { id, to } = await one();
        const [delivery] = await claimed();
        await settle([delivery], { kind: "readdressed", to: { platform: PLATFORM, chat: taken.chat } });
        expect(await all.office.row(id)).toMatchObject({ state: "gone", why: "address-taken" });
        expect(await base.db.account.findUnique({ where: { id: to.account } })).toMatchObject({
          gone: "address-taken",
        });
      });

      it("closes an account that nothing reaches any more", async () => {
        const { id, to } = await one();
        const [delivery] = await claimed();
        await settle([delivery], { kind: "gone", why: "blocked\u0000" });
        expect(await all.office.row(id)).toMatchObject({ state: "gone", why: "blocked" });
        expect(await base.db.account.findUnique({ where: { id: to.account } })).toMatchObject({ gone: "blocked" });
      });

      it.each(["gone", "refused"] as const)("leaves a sent message standing when its redrawing is %s", async (kind) => {
        const { id } = await sent();
        await wantRedraw(id);
        const [delivery] = await claimed("redraw");
        await settle([delivery], { kind, why: "no" });
        expect(await all.office.row(id)).toMatchObject({ state: "sent", why: null, drawnRev: 2, ref: `m${id}` });
        expect(await claim("redraw")).toEqual([]);
      });

      it("gives back as if nothing had been", async () => {
        const { id } = await one();
        const before = await all.office.row(id);
        const [delivery] = await claimed();
        await all.deliveries.begin([delivery], times());
        await settle([delivery], { kind: "returned" });
        expect(await all.office.row(id)).toEqual({ ...before, leaseUntil: null });
      });

      it("draws a message again for as long as it is not right, and then no more", async () => {
        const { id } = await sent();
        expect(await claim("redraw")).toEqual([]);
        await wantRedraw(id);
        const [delivery] = await claimed("redraw");
        expect(await claim("redraw")).toEqual([]);
        await wantRedraw(id);
        await settle([delivery], { kind: "drawn", ref: "same" });
        const [again] = await claimed("redraw");
        expect(again.rev).toBe(3);
        await settle([again], { kind: "drawn", ref: "same" });
        expect(await claim("redraw")).toEqual([]);
      });
    });

    describe("sweeping", () => {
      it("gives back what a dead process had only claimed, and doubts what it had begun", async () => {
        const idle = await one();
        const begun = await one();
        const found = await claim();
        await all.deliveries.begin(found.slice(1), times());
        expect(await all.deliveries.sweep([], times())).toMatchObject({ returned: 0, doubted: 0 });
        expect(await all.deliveries.sweep([], times(LEASE_MS + 1))).toMatchObject({ returned: 1, doubted: 1 });
        expect(await all.office.row(idle.id)).toMatchObject({ state: "pending", leaseId: null });
        expect(await all.office.row(begun.id)).toMatchObject({ state: "in-doubt" });
      });

      /** Another process dies with this in its hands, and is swept after. */
      const dies = async (hand: () => Promise<readonly ClaimedDelivery[]>, turn: number) => {
        const found = await hand();
        await all.deliveries.sweep([], times(turn * (LEASE_MS + 1)));
        return found.map(({ id }) => id);
      };

      it("hands out what was in dying hands together once, then one by one, and gives up what kills its fourth", async () => {
        const ids: DeliveryId[] = [];
        for (let n = 0; n < 3; n++) ids.push((await one()).id);
        expect(await dies(() => claim(), 1)).toEqual(ids);
        expect(await claim("bulk", 9, LEASE_MS + 1)).toEqual([]);
        expect(await dies(() => suspects(LEASE_MS + 1), 2)).toEqual(ids);
        const alone = await suspects(2 * (LEASE_MS + 1));
        expect(alone.map(({ id }) => id)).toEqual(ids.slice(0, 1));
        await settle(alone, { kind: "drawn", ref: "innocent" });
        expect(await all.office.row(ids[0] as DeliveryId)).toMatchObject({ state: "sent", deaths: 0 });
        for (const turn of [3, 4]) await dies(() => suspects((turn - 1) * (LEASE_MS + 1)), turn);
        const states = await Promise.all(ids.map(all.office.row));
        expect(states.map(({ state, deaths }) => [state, deaths])).toEqual([
          ["sent", 0],
          ["pending", 3],
          ["pending", 3],
        ]);
        await dies(() => suspects(4 * (LEASE_MS + 1)), 5);
        expect(await all.office.row(ids[1] as DeliveryId)).toMatchObject({
          state: "refused",
          why: "kills-its-process",
        });
        expect((await suspects(5 * (LEASE_MS + 1))).map(({ id }) => id)).toEqual(ids.slice(2));
      });

      it("gives up drawing again what kills whoever does", async () => {
        const { id } = await sent();
        await wantRedraw(id);
        for (let turn = 0; turn < 4; turn++) {
          const ahead = turn * (LEASE_MS + 1);
          expect([...(await claim("redraw", 9, ahead)), ...(await suspects(ahead))]).toHaveLength(1);
          await all.deliveries.sweep([], times(ahead));
        }
        await all.deliveries.sweep([], times(4 * (LEASE_MS + 1)));
        expect(await all.office.row(id)).toMatchObject({ state: "sent", drawnRev: 2, wantedRev: 2, deaths: 0 });
      });

      it("takes a lease that lasts longer than any for one of before the clock went back", async () => {
        await one();
        await claim("bulk", 1, 60 * MINUTE);
        expect(await all.deliveries.sweep([], times())).toMatchObject({ returned: 1 });
      });

      it("leaves kinds to others that it has never heard of", async () => {
        const { id } = await one();
        await base.db.$executeRaw`ALTER TABLE "delivery" DROP CONSTRAINT "delivery_kind"`;
        await base.db.$executeRaw`UPDATE "delivery" SET "kind" = 'rung', "notice_id" = NULL WHERE "id" = ${id}`;
        expect([await claim(), await suspects()]).toEqual([[], []]);
        await base.db.$executeRaw`DELETE FROM "delivery"`;
        await base.db.$executeRaw`
          ALTER TABLE "delivery" ADD CONSTRAINT "delivery_kind" CHECK ("kind" IN ('notice', 'reply', 'todo', 'proxy'))`;
      });

      it("doubts nothing where a repeat cannot double", async () => {
        const { id } = await one();
        await all.deliveries.begin(await claim(), times());
        expect(await all.deliveries.sweep([PLATFORM], times(LEASE_MS + 1))).toMatchObject({ returned: 1, doubted: 0 });
        expect(await all.office.row(id)).toMatchObject({ state: "pending", repeats: 0 });
      });

      it("takes up again the redrawing that a dead process had claimed", async () => {
        const { id } = await sent();
        await wantRedraw(id);
        await claim("redraw");
        expect(await claim("redraw")).toEqual([]);
        expect(await claim("redraw", 1, LEASE_MS + 1)).toHaveLength(1);
      });

      const doubt = async (lane: "urgent" | "bulk") => {
        const made = await one(lane);
        const [delivery] = await claimed(lane);
        await all.deliveries.begin([delivery], times());
        await settle([delivery], { kind: "doubted" });
        return made;
      };

      it("repeats a doubtful warning at once, and anything else after ten minutes, marked as a repeat", async () => {
        const urgent = await doubt("urgent");
        const bulk = await doubt("bulk");
        expect(await all.deliveries.sweep([], times())).toMatchObject({ repeated: 0 });
        all.clock.travel(2_100);
        expect(await all.deliveries.sweep([], times())).toMatchObject({ repeated: 1 });
        expect(await all.office.row(urgent.id)).toMatchObject({ state: "pending", repeats: 1 });
        all.clock.travel(9 * MINUTE);
        expect(await all.deliveries.sweep([], times())).toMatchObject({ repeated: 0 });
        all.clock.travel(MINUTE);
        expect(await all.deliveries.sweep([], times())).toMatchObject({ repeated: 1 });
        expect(await all.office.row(bulk.id)).toMatchObject({ state: "pending", repeats: 1 });
        expect((await all.deliveries.view([bulk.id], times()))[0]?.repeat).toBe(true);
      });

      it("repeats once and no more", async () => {
        const { id } = await doubt("bulk");
        all.clock.travel(11 * MINUTE);
        await all.deliveries.sweep([], times());
        const [delivery] = await claimed();
        await all.deliveries.begin([delivery], times());
        await settle([delivery], { kind: "doubted" });
        all.clock.travel(60 * MINUTE);
        expect(await all.deliveries.sweep([], times())).toMatchObject({ repeated: 0 });
        expect(await all.office.row(id)).toMatchObject({ state: "in-doubt", repeats: 1 });
      });

      it("repeats nothing of a notice that is over", async () => {
        const { notice } = await doubt("urgent");
        await base.db.notice.update({ where: { id: notice }, data: { state: "recalled" } });
        all.clock.travel(60 * MINUTE);
        expect(await all.deliveries.sweep([], times())).toMatchObject({ repeated: 0 });
      });

      it("has a card drawn again when what it offers has run out", async () => {
        const { id } = await sent();
        const refreshAt = new Date(all.clock.now().getTime() + MINUTE);
        await base.db.delivery.update({ where: { id }, data: { refreshAt } });
        expect(await all.deliveries.sweep([], times())).toMatchObject({ refreshed: 0 });
        all.clock.travel(MINUTE + 1);
        expect(await all.deliveries.sweep([], times())).toMatchObject({ refreshed: 1 });
        expect(await claim("redraw")).toHaveLength(1);
        expect(await all.deliveries.sweep([], times())).toMatchObject({ refreshed: 0 });
      });

      it("does no harm when several sweep at once", async () => {
        const notice = await all.office.notice(all.clock.now());
        await all.office.deliver(await people(40), notice, "bulk", all.clock.now());
        await all.deliveries.begin((await claim()).slice(0, 20), times());
        const swept = await Promise.all(Array.from({ length: 4 }, () => all.deliveries.sweep([], times(LEASE_MS + 1))));
        const sum = (pick: "returned" | "doubted") => swept.reduce((total, round) => total + round[pick], 0);
        expect([sum("returned"), sum("doubted")]).toEqual([20, 20]);
        expect(await all.office.states()).toEqual({ "in-doubt": 20, pending: 20 });
      });
    });

    describe("receipts", () => {
      it("only ever move forward", async () => {
        const { id, to } = await sent();
        const from = { platform: PLATFORM, chat: to.chat } as const;
        expect(await all.deliveries.receive(from, `m${id}`, "seen", times())).toBe(true);
        expect(await all.deliveries.receive(from, `m${id}`, "delivered", times())).toBe(true);
        const row = await all.office.row(id);
        expect(row.state).toBe("seen");
        expect([row.deliveredAt, row.seenAt]).not.toContain(null);
      });

      it("count only from the chat that the message went to, and only for what was sent", async () => {
        const { id } = await sent();
        const other = await one();
        const from = (chat: string) => ({ platform: PLATFORM, chat }) as const;
        expect(await all.deliveries.receive(from(other.to.chat), `m${id}`, "seen", times())).toBe(false);
        expect(await all.deliveries.receive(from("nobody"), `m${id}`, "seen", times())).toBe(false);
        expect(await all.deliveries.receive(from(other.to.chat), "m0", "delivered", times())).toBe(false);
        expect((await all.office.row(id)).state).toBe("sent");
      });
    });
  });
};
