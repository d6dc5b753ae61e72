import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { DeliveryId, InboundId } from "../../src/domain/ids.ts";
import type { Incoming } from "../../src/ports/chat-platform.ts";
import type { Open } from "../scripted/open.ts";
import type { Parts } from "../scripted/parts.ts";
import { parts } from "../scripted/parts.ts";

const LEASE_MS = 10_000;

/** What every store of incoming events does, on whatever database. */
export const inboundStoreContract = (name: string, open: () => Promise<Open>): void => {
  describe(`the store of incoming events on ${name}`, () => {
    let base: Open;
    let all: Parts;
    let serial = 0;

    beforeAll(async () => {
      base = await open();
      all = parts(base.db);
    });
    afterAll(() => base.close());
    beforeEach(() => base.db.inbound.deleteMany());

    const times = (ahead = 0) => ({ now: all.clock.now(), real: new Date(Date.now() + ahead) });
    const event = (chat: string, text: string, id = `e${++serial}`): Incoming => ({
      id,
      from: { platform: "scripted-telegram", chat },
      language: "zh-hans",
      what: { kind: "text", text },
    });
    const claim = (limit = 10, ahead = 0) =>
      all.inbound.claim(limit, new Date(Date.now() + ahead + LEASE_MS), times(ahead));
    const texts = (events: Awaited<ReturnType<typeof claim>>) =>
      events.map(({ incoming }) => (incoming.what.kind === "text" ? incoming.what.text : incoming.what.kind));

    it("keeps an event once, however often it comes, and in whatever order", async () => {
      expect(await all.inbound.put(event("a", "late", "7"), times())).not.toBeNull();
      expect(await all.inbound.put(event("b", "early", "6"), times())).not.toBeNull();
      expect(await all.inbound.put(event("a", "late", "7"), times())).toBeNull();
      const other = { ...event("a", "other", "7"), from: { platform: "scripted-slack", chat: "a" } } as const;
      expect(await all.inbound.put(other, times())).not.toBeNull();
      expect(await claim()).toHaveLength(3);
    });

    it("gives back exactly what was put in, with numbers of 64 bits", async () => {
      const incoming: Incoming = {
        id: "x",
        from: { platform: "scripted-telegram", chat: "9007199254740993" },
        language: null,
        what: {
          kind: "press",
          action: { do: "acknowledge", delivery: 9_223_372_036_854_775_807n as DeliveryId, round: 2 },
          text: '{"int64":"7"} 🚒',
          ref: "5",
        },
      };
      await all.inbound.put(incoming, times());
      expect((await claim())[0]).toMatchObject({ platform: "scripted-telegram", incoming, attempts: 1 });
    });

    it("keeps what people say closed, and forgets it once it is worked off", async () => {
      const id = (await all.inbound.put(event("a", "confidential"), times())) as InboundId;
      const stored = async () => (await base.db.inbound.findUniqueOrThrow({ where: { id } })).body;
      expect(Buffer.from(await stored()).includes("confidential")).toBe(false);
      await claim();
      await all.inbound.done(id);
      expect((await stored()).length).toBe(0);
      expect(await all.inbound.put(event("a", "confidential", `e${serial}`), times())).toBeNull();
    });

    it("hands out one event of a sender at a time, in the order of arrival", async () => {
      for (const [chat, text] of [
        ["a", "a1"],
        ["a", "a2"],
        ["b", "b1"],
        ["a", "a3"],
      ] as const) {
        await all.inbound.put(event(chat, text), times());
      }
      const first = await claim();
      expect(texts(first)).toEqual(["a1", "b1"]);
      expect(await claim()).toEqual([]);
      await all.inbound.done(first[0]?.id as InboundId);
      const second = await claim();
      expect(texts(second)).toEqual(["a2"]);
      await all.inbound.fail(second[0]?.id as InboundId);
      expect(texts(await claim())).toEqual(["a3"]);
    });

    it("parks what cannot be worked off, keeps what it says, and hands it out again when it is told to", async () => {
      await all.inbound.put(event("a", "poison"), times());
      const [poison] = await claim();
      await all.inbound.fail(poison?.id as InboundId);
      expect(await claim()).toEqual([]);
      expect((await all.inbound.parked()).map(({ id, attempts }) => [id, attempts])).toEqual([[poison?.id, 1]]);
      expect(await all.inbound.retry()).toBe(1);
      const [again] = await claim();
      expect([again?.id, again?.attempts, texts(again ? [again] : [])]).toEqual([poison?.id, 1, ["poison"]]);
      await all.inbound.fail(poison?.id as InboundId);
      expect(await all.inbound.drop()).toBe(1);
      expect([await all.inbound.parked(), await all.inbound.retry()]).toEqual([[], 0]);
    });

    it("never hands out two events of one sender to claimants that ask at once", async () => {
      for (let at = 0; at < 60; at++) await all.inbound.put(event(`s${at % 20}`, `${at}`), times());
      const order = new Map<string, number[]>();
      const note = ({ from, what }: Incoming) =>
        order.set(from.chat, [...(order.get(from.chat) ?? []), Number(what.kind === "text" && what.text)]);
      const work = async () => {
        for (let events = await claim(3); events.length > 0; events = await claim(3)) {
          expect(new Set(events.map(({ incoming }) => incoming.from.chat)).size).toBe(events.length);
          for (const { incoming } of events) note(incoming);
          await Promise.all(events.map(({ id }) => all.inbound.done(id)));
        }
      };
      await Promise.all([work(), work(), work(), work()]);
      await work();
      expect([...order.values()].flat()).toHaveLength(60);
      for (const seen of order.values()) expect(seen).toEqual([...seen].sort((a, b) => a - b));
    });

    it("hands out again what a dead process held, and gives up what kills its fifth", async () => {
      await all.inbound.put(event("a", "poison"), times());
      await all.inbound.put(event("a", "behind"), times());
      for (let turn = 0; turn < 5; turn++) {
        const [found] = await claim(10, turn * (LEASE_MS + 1));
        expect(found).toMatchObject({ attempts: turn + 1 });
      }
      expect(await claim(10, 5 * (LEASE_MS + 1))).toEqual([]);
      expect(texts(await claim(10, 5 * (LEASE_MS + 1)))).toEqual(["behind"]);
    });

    it("hands out what may kill its process alone, after the others, and not while its claimant has one", async () => {
      for (const chat of ["a", "b"]) await all.inbound.put(event(chat, chat), times());
      for (const turn of [0, 1]) expect(await claim(10, turn * (LEASE_MS + 1))).toHaveLength(2);
      await all.inbound.put(event("c", "fresh"), times());
      const ahead = 2 * (LEASE_MS + 1);
      expect(texts(await claim(10, ahead))).toEqual(["fresh"]);
      const until = new Date(Date.now() + ahead + LEASE_MS);
      expect(await all.inbound.claim(10, until, times(ahead), { noSuspect: true })).toEqual([]);
      expect(texts(await claim(10, ahead))).toEqual(["a"]);
    });

    it("forgets a claim that came to nothing through nobody's fault, and leaves alone what it is told to", async () => {
      const id = (await all.inbound.put(event("a", "again"), times())) as InboundId;
      for (let turn = 0; turn < 7; turn++) {
        expect(await claim()).toMatchObject([{ attempts: 1, suspect: false }]);
        await all.inbound.giveBack(id, new Date(Date.now() - 1));
      }
      const until = new Date(Date.now() + LEASE_MS);
      expect(await all.inbound.claim(10, until, times(), { not: [id] })).toEqual([]);
      await all.inbound.giveBack(id, new Date(Date.now() + LEASE_MS));
      expect(await claim()).toEqual([]);
    });

    it("tells which events wait, and whether one is still open", async () => {
      const id = (await all.inbound.put(event("a", "1", "open"), times())) as InboundId;
      await all.inbound.put(event("a", "2"), times());
      expect(await all.inbound.waiting(10, times())).toEqual([id]);
      await claim();
      expect(await all.inbound.waiting(10, times())).toEqual([]);
      expect(await all.inbound.isOpen("scripted-telegram", "open")).toBe(true);
      await all.inbound.done(id);
      expect(await all.inbound.isOpen("scripted-telegram", "open")).toBe(false);
      expect(await all.inbound.isOpen("scripted-telegram", "never")).toBe(false);
    });
  });
};
