import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Lane } from "../../src/domain/delivery.ts";
import type { DeliveryId } from "../../src/domain/ids.ts";
import type { ChatPlatform } from "../../src/ports/chat-platform.ts";
import type { Dispatcher } from "../../src/services/dispatch.ts";
import { eventually } from "../scripted/eventually.ts";
import type { Habits } from "../scripted/habits.ts";
import type { Recipient } from "../scripted/office.ts";
import type { Open } from "../scripted/open.ts";
import type { Parts } from "../scripted/parts.ts";
import { parts } from "../scripted/parts.ts";
import type { PlatformEvent, ScriptedServer } from "../scripted/scripted-server.ts";
import type { Served } from "../scripted/serve.ts";
import { mount } from "../scripted/serve.ts";
import { emptyTables } from "../setup/empty-tables.ts";

const MINUTE = 60_000;

/** The nine ways in which a platform answers, each played through the real dispatcher and the real store. */
export const nineCases = ({ name, server, platform }: Habits, open: () => Promise<Open>): void => {
  describe(`on a platform with the habits of ${name}`, () => {
    let base: Open;
    let all: Parts;
    let there: ScriptedServer;
    let bot: ChatPlatform;
    let ears: Served;
    let dispatcher: Dispatcher;

    beforeAll(async () => {
      base = await open();
    });
    afterAll(() => base.close());
    beforeEach(async () => {
      await emptyTables(base.db, "delivery", "platform_pause", "inbound");
      all = parts(base.db);
      there = await server();
      bot = platform(there.url, all.keys, { perSecond: null });
      ears = await mount(bot.routes);
      await bot.start(all.receive);
      dispatcher = all.dispatch(bot);
    });
    afterEach(async () => {
      await dispatcher.stop();
      await bot.stop();
      await ears.close();
      await there.close();
      expect(there.chats.violations).toEqual([]);
      expect(all.log.entries.filter(({ level }) => level === "error")).toEqual([]);
    });

    const people = async (count: number): Promise<readonly Recipient[]> => {
      const chats = Array.from({ length: count }, () => there.newChat());
      for (const chat of chats) there.chats.open(chat);
      return all.office.people(bot.name, chats);
    };
    const notify = async (to: readonly Recipient[], lane: Lane = "bulk"): Promise<readonly DeliveryId[]> => {
      const ids = await all.office.deliver(to, await all.office.notice(all.clock.now()), lane, all.clock.now());
      dispatcher.wake();
      return ids;
    };
    const sendTo = async (lane: Lane = "bulk") => {
      const [to] = (await people(1)) as [Recipient];
      const [id] = (await notify([to], lane)) as [DeliveryId];
      return { to, id };
    };
    const reaches = (id: DeliveryId, state: string, ms?: number) =>
      eventually(
        () => all.office.row(id),
        (row) => row.state === state,
        ms,
      );
    const redraw = async (id: DeliveryId) => {
      await base.db.delivery.update({ where: { id }, data: { wantedRev: { increment: 1 } } });
      dispatcher.wake();
    };
    const drawn = (id: DeliveryId) =>
      eventually(
        () => all.office.row(id),
        (row) => row.drawnRev === row.wantedRev,
      );
    const requests = (chat: string) => there.chats.requests.filter((request) => request.chat === chat);
    const tell = async (event: PlatformEvent): Promise<number> => {
      const { path, ...init } = there.request(event);
      return (await fetch(ears.url + path, { method: "POST", ...init })).status;
    };

    describe("1. too many requests", () => {
      it("for one chat: that chat waits as long as it is told, and nobody else does", async () => {
        const [to, other] = (await people(2)) as [Recipient, Recipient];
        const [first] = await notify([to]);
        await reaches(first as DeliveryId, "sent");
        there.chats.plan({
          on: "send",
          chat: to.chat,
          times: 1,
          trouble: { kind: "limited", seconds: 2, of: "requests" },
        });
        const [second] = (await notify([to])) as [DeliveryId];
        await eventually(
          () => requests(to.chat).length,
          (count) => count === 2,
        );
        const [third] = (await notify([to])) as [DeliveryId];
        const asked = Date.now();
        const [elsewhere] = (await notify([other])) as [DeliveryId];
        await reaches(elsewhere, "sent");
        expect(Date.now() - asked).toBeLessThan(1_500);
        expect(requests(to.chat)).toHaveLength(2);
        await reaches(second, "sent");
        await reaches(third, "sent");
        const [, refused, again] = requests(to.chat);
        expect((again?.at ?? 0) - (refused?.at ?? 0)).toBeGreaterThanOrEqual(1_990);
        expect(there.chats.shows(to.chat)).toHaveLength(3);
      });

      it("for one method: redrawing waits, sending goes on", async () => {
        const { to, id } = await sendTo();
        await reaches(id, "sent");
        there.chats.plan({ on: "redraw", times: 1, trouble: { kind: "limited", seconds: 2, of: "requests" } });
        await base.db.notice.updateMany({ data: { state: "recalled" } });
        await redraw(id);
        await eventually(
          () => requests(to.chat).length,
          (count) => count === 2,
        );
        const asked = Date.now();
        const other = await sendTo();
        await reaches(other.id, "sent");
        expect(Date.now() - asked).toBeLessThan(1_500);
        await drawn(id);
        const [, refused, again] = requests(to.chat);
        expect((again?.at ?? 0) - (refused?.at ?? 0)).toBeGreaterThanOrEqual(1_990);
      });

      it("altogether: everything waits, the urgent too, and then all of it arrives", async () => {
        there.chats.plan({ on: "send", times: 1, trouble: { kind: "limited", seconds: 2, of: "everything" } });
        const first = await sendTo();
        await eventually(
          () => requests(first.to.chat).length,
          (count) => count === 1,
        );
        const paused = Date.now();
        const urgent = await sendTo("urgent");
        await Promise.all([reaches(first.id, "sent"), reaches(urgent.id, "sent")]);
        const [arrived] = requests(urgent.to.chat);
        expect((arrived?.at ?? 0) - paused).toBeGreaterThanOrEqual(1_800);
        expect(requests(first.to.chat)).toHaveLength(2);
      });
    });

    describe("2. the connection breaks after the message was taken", () => {
      it("is in doubt, and repeated once, ten minutes later, marked as a repeat", async () => {
        const [to] = (await people(1)) as [Recipient];
        there.chats.plan({ on: "send", times: 2, trouble: { kind: "reset-after-accepting" } });
        const [id] = (await notify([to])) as [DeliveryId];
        await reaches(id, "in-doubt");
        await all.sweep();
        expect(there.chats.shows(to.chat)).toHaveLength(1);
        all.clock.travel(10 * MINUTE);
        await all.sweep();
        dispatcher.wake();
        await eventually(
          () => there.chats.shows(to.chat).length,
          (count) => count === 2,
        );
        await reaches(id, "in-doubt");
        const [first, second] = there.chats.shows(to.chat);
        expect(second?.text).not.toBe(first?.text);
        all.clock.travel(60 * MINUTE);
        expect(await all.sweep()).toMatchObject({ repeated: 0 });
      });

      it("is repeated at once when it is a warning", async () => {
        const [to] = (await people(1)) as [Recipient];
        there.chats.plan({ on: "send", times: 1, trouble: { kind: "reset-after-accepting" } });
        const [id] = (await notify([to], "urgent")) as [DeliveryId];
        await reaches(id, "in-doubt");
        all.clock.travel(2_000);
        await all.sweep();
        dispatcher.wake();
        expect(await reaches(id, "sent")).toMatchObject({ repeats: 1 });
        expect(there.chats.shows(to.chat)).toHaveLength(2);
      });

      it("is simply drawn again when it was a redrawing", async () => {
        const { to, id } = await sendTo();
        await reaches(id, "sent");
        there.chats.plan({ on: "redraw", times: 1, trouble: { kind: "reset-after-accepting" } });
        await base.db.notice.updateMany({ data: { state: "recalled" } });
        await redraw(id);
        await drawn(id);
        expect(there.chats.shows(to.chat)).toHaveLength(1);
      });
    });

    it("3. nobody is there any more: the message and the account are gone, with the reason", async () => {
      const [blocked, never] = (await people(2)) as [Recipient, Recipient];
      there.chats.leave(blocked.chat);
      const [stranger] = (await all.office.people(bot.name, [there.newChat()])) as [Recipient];
      const ids = await notify([blocked, stranger, never]);
      const [one, two, three] = ids as [DeliveryId, DeliveryId, DeliveryId];
      expect((await reaches(one, "gone")).why).toBeTruthy();
      expect((await reaches(two, "gone")).why).toBeTruthy();
      await reaches(three, "sent");
      const accounts = await base.db.account.findMany({ where: { id: { in: [blocked.account, stranger.account] } } });
      expect(accounts.every(({ gone }) => gone !== null)).toBe(true);
      expect(requests(blocked.chat)).toHaveLength(1);
    });

    it("4. the chat has moved: the account follows, and the message arrives there once", async () => {
      const [to] = (await people(1)) as [Recipient];
      const next = there.newChat();
      there.chats.move(to.chat, next);
      const [id] = (await notify([to])) as [DeliveryId];
      await reaches(id, "sent");
      expect(there.chats.shows(next)).toHaveLength(1);
      const [later] = (await notify([to])) as [DeliveryId];
      await reaches(later, "sent");
      expect(there.chats.shows(next)).toHaveLength(2);
      expect(requests(to.chat)).toHaveLength(1);
    });

    it("5. a card that is already so: redrawing it is done, and leaves it as it is", async () => {
      const { to, id } = await sendTo();
      await reaches(id, "sent");
      await redraw(id);
      await drawn(id);
      expect(there.chats.shows(to.chat).map(({ edits }) => edits)).toEqual([0]);
      await base.db.notice.updateMany({ data: { state: "recalled" } });
      await redraw(id);
      await drawn(id);
      expect(there.chats.shows(to.chat).map(({ edits }) => edits)).toEqual([1]);
      expect((await all.office.row(id)).state).toBe("sent");
    });

    it("6. the same event twice: it is one event, and the platform is told both times that we have it", async () => {
      const event = there.say(there.newChat(), "谢谢");
      expect([await tell(event), await tell(event)]).toEqual([200, 200]);
      const stored = await all.inbound.claim(10, new Date(Date.now() + MINUTE), all.times());
      expect(stored.map(({ incoming }) => incoming.what)).toEqual([{ kind: "text", text: "谢谢" }]);
    });

    it("7. events out of order: none is taken for an old one, and each sender's are worked off as they came", async () => {
      const chat = there.newChat();
      const [early, late, other] = [there.say(chat, "一"), there.say(chat, "二"), there.say(there.newChat(), "三")];
      for (const event of [other, late, early]) expect(await tell(event)).toBe(200);
      const seen: string[] = [];
      const claim = () => all.inbound.claim(10, new Date(Date.now() + MINUTE), all.times());
      for (let events = await claim(); events.length > 0; events = await claim()) {
        seen.push(...events.map(({ incoming: { what } }) => (what.kind === "text" ? what.text : "")));
        for (const { id } of events) await all.inbound.done(id);
      }
      expect(seen).toEqual(["三", "二", "一"]);
    });

    describe("8. slow", () => {
      it("is waited for, sent once, and never taken for a dead process", async () => {
        const [to] = (await people(1)) as [Recipient];
        there.chats.plan({ on: "send", times: 1, trouble: { kind: "slow", ms: 6_000 } });
        const [id] = (await notify([to], "urgent")) as [DeliveryId];
        const end = Date.now() + 5_500;
        while (Date.now() < end) {
          expect(await all.sweep()).toMatchObject({ returned: 0, doubted: 0, repeated: 0 });
          await new Promise((resolve) => setTimeout(resolve, 300));
        }
        await reaches(id, "sent");
        expect(there.chats.shows(to.chat)).toHaveLength(1);
      });

      it("does not keep a warning waiting behind a broadcast", async () => {
        there.chats.plan({ on: "send", times: 10_000, trouble: { kind: "slow", ms: 1_000 } });
        await notify(await people(60));
        await eventually(
          () => there.chats.requests.length,
          (count) => count >= 5,
        );
        const asked = Date.now();
        const { to } = await sendTo("urgent");
        await eventually(
          () => requests(to.chat).length,
          (count) => count === 1,
        );
        expect(Date.now() - asked).toBeLessThan(1_000);
      });
    });

    it("9. refused: the platform's reason is kept, and it is never tried again", async () => {
      const [to] = (await people(1)) as [Recipient];
      there.chats.plan({ on: "send", times: 1, trouble: { kind: "refused" } });
      const [id] = (await notify([to])) as [DeliveryId];
      expect((await reaches(id, "refused")).why).toBeTruthy();
      all.clock.travel(24 * 60 * MINUTE);
      await all.sweep();
      dispatcher.wake();
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect(requests(to.chat)).toHaveLength(1);
      expect(await base.db.account.findUnique({ where: { id: to.account } })).toMatchObject({ gone: null });
    });
  });
};
