import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { at, phrase } from "../../src/dialogue/phrase.ts";
import type { DeliveryId } from "../../src/domain/ids.ts";
import type { Recipient } from "../scripted/office.ts";
import type { Open } from "../scripted/open.ts";
import type { Parts } from "../scripted/parts.ts";
import { parts } from "../scripted/parts.ts";

const PLATFORM = "scripted-telegram";
const AT = new Date("2026-09-18T02:05:00Z");

/** What a message shows, on whatever database. */
export const deliveryViewContract = (name: string, open: () => Promise<Open>): void => {
  describe(`what messages show, from ${name}`, () => {
    let base: Open;
    let all: Parts;
    let me: Recipient;
    let other: Recipient;
    let erased: Recipient;
    let notice: bigint;
    let ids: readonly DeliveryId[];
    const owed = new Map<string, bigint>();

    const view = async (id: DeliveryId | undefined) => {
      const [found] = await all.deliveries.view([id as DeliveryId], all.times());
      if (!found) throw new Error("there is nothing to show");
      return found;
    };
    const owe = async (code: string, lft: number, asked: readonly Recipient[], state = "open") => {
      const parent = await base.db.unit.findUniqueOrThrow({ where: { code: "1" } });
      const unit = await base.db.unit.create({
        data: { code, name: `单位${code}`, kind: "site", parentId: parent.id, lft, rgt: lft + 1, depth: 1 },
      });
      const obligation = await base.db.obligation.create({
        data: {
          noticeId: notice,
          unitId: unit.id,
          dueAt: new Date(AT.getTime() + lft * 60_000),
          ...(state === "fulfilled" ? { state, fulfilledAt: AT, fulfilledHow: "tap" } : {}),
          asked: {
            create: asked.map(({ person }) => ({ personId: person, post: "principal", deputy: person !== me.person })),
          },
        },
      });
      owed.set(code, obligation.id);
    };
    const answer = (code: string, by: Recipient, minutes: number, more: object = {}) =>
      base.db.answer.create({
        data: {
          obligationId: owed.get(code) as bigint,
          personId: by.person,
          generation: 1,
          how: "tap",
          at: new Date(AT.getTime() + minutes * 60_000),
          late: false,
          ...more,
        },
      });
    const message = (to: Recipient, kind: string, json: object | null = null) =>
      base.db.$queryRaw<{ id: DeliveryId }[]>`
        INSERT INTO "delivery" ("person_id", "kind", "slot", "account_id", "platform", "lane", "at", "phrase")
        VALUES (${to.person}, ${kind}, ${crypto.randomUUID()}, ${to.account}, ${PLATFORM}, 1, ${AT}::timestamptz,
                ${json && JSON.stringify(json)}::jsonb) RETURNING "id"`;

    beforeAll(async () => {
      base = await open();
      all = parts(base.db);
      [me, other, erased] = (await all.office.people(PLATFORM, ["me", "other", "erased"])) as [
        Recipient,
        Recipient,
        Recipient,
      ];
      notice = await all.office.notice(AT);
      await base.db.noticeText.create({
        data: { noticeId: notice, locale: "en", title: "Flood season check", body: "Please check.", hash: "en" },
      });
      ids = await all.office.deliver([me, other, erased], notice, "bulk", AT);
      await owe("b", 30, [me, other]);
      await owe("a", 10, [me], "fulfilled");
      await owe("c", 50, [other, erased]);
    });
    afterAll(() => base.close());

    it("has the notice in the reader's language, and its own facts", async () => {
      const shown = await view(ids[0]);
      expect(shown).toMatchObject({ kind: "notice", round: 1, repeat: false, sentAt: null });
      expect(shown.reader).toEqual({ name: "周建国0", locale: "zh-CN" });
      expect(shown.notice).toMatchObject({
        number: "某安委办〔2026〕1号",
        urgency: "routine",
        ack: "read",
        closing: { kind: "each-unit" },
        state: "published",
        issuerName: "某县",
        // The earliest of what is still open of theirs, and not what is done.
        dueAt: new Date(AT.getTime() + 30 * 60_000),
        dueProvisional: false,
        seconds: 20,
        text: { locale: "zh-CN", title: "汛期安全检查" },
      });
      expect(shown.notice?.text.content[0]).toMatchObject({ kind: "paragraph" });
      await base.db.person.update({ where: { id: me.person }, data: { locale: "en" } });
      expect((await view(ids[0])).notice?.text).toMatchObject({ locale: "en", title: "Flood season check" });
      await base.db.noticeText.delete({ where: { noticeId_locale: { noticeId: notice, locale: "en" } } });
      const without = await view(ids[0]);
      expect(without.notice?.text.locale).toBe("zh-CN");
      expect(without.reader.locale).toBe("en");
      await base.db.person.update({ where: { id: me.person }, data: { locale: null } });
    });

    it("has the duties of this reader alone, in the order of the tree", async () => {
      expect((await view(ids[0])).notice?.duties).toEqual([
        expect.objectContaining({ obligation: owed.get("a"), unitName: "单位a", state: "fulfilled", deputy: false }),
        expect.objectContaining({ obligation: owed.get("b"), unitName: "单位b", state: "open", answer: null }),
      ]);
      expect((await view(ids[1])).notice?.duties.map(({ unitName, deputy }) => [unitName, deputy])).toEqual([
        ["单位b", true],
        ["单位c", true],
      ]);
    });

    it("has the reader's own standing answer, else the latest of anybody by name", async () => {
      const duty = async () => (await view(ids[0])).notice?.duties.find(({ unitName }) => unitName === "单位b");
      await answer("b", other, 1, { takenBackAt: AT });
      expect((await duty())?.answer).toBeNull();
      await answer("b", other, 2, { generation: 2 });
      expect((await duty())?.answer).toMatchObject({ by: { name: "周建国1" }, how: "tap", late: false });
      await answer("b", me, 1, { late: true });
      expect((await duty())?.answer).toMatchObject({ by: "me", late: true });
      await answer("c", erased, 3);
      await base.db.personKey.delete({ where: { personId: erased.person } });
      const theirs = (await view(ids[1])).notice?.duties.find(({ unitName }) => unitName === "单位c");
      expect(theirs?.answer).toMatchObject({ by: { name: "—" } });
    });

    it("is silent about messages that are not there, and to people who were erased", async () => {
      const all3 = await all.deliveries.view([...ids, 999_999n as DeliveryId], all.times());
      expect(all3.map(({ id }) => id).sort()).toEqual([ids[0], ids[1]]);
    });

    it("has a reply as it was written, moments included", async () => {
      const words = phrase("reply.help", { when: at(AT), inner: phrase("reply.help", { deep: at(AT) }), count: 2 });
      const [row] = await message(me, "reply", words);
      expect((await view(row?.id)).phrase).toEqual(words);
    });

    it("lists what the reader still owes, the earliest due first, with all units of a notice together", async () => {
      const second = await all.office.notice(AT);
      const over = await all.office.notice(AT);
      await base.db.notice.update({ where: { id: over }, data: { state: "recalled" } });
      const [next] = await all.office.deliver([me], second, "bulk", AT);
      await all.office.deliver([me], over, "bulk", AT);
      const first = notice;
      notice = second;
      await owe("d", 5, [me]);
      await owe("e", 3, [me]);
      notice = over;
      await owe("f", 1, [me]);
      notice = first;
      await owe("g", 70, [me]);
      const [list] = await message(me, "todo");
      const todo = (await view(list?.id)).todo;
      expect(todo).toEqual([
        {
          delivery: next,
          round: 1,
          number: "某安委办〔2026〕2号",
          title: "汛期安全检查",
          ack: "read",
          dueAt: new Date(AT.getTime() + 3 * 60_000),
          units: ["单位e", "单位d"],
          fresh: false,
          batch: true,
        },
        expect.objectContaining({ delivery: ids[0], units: ["单位g"] }),
      ]);
    });

    it("has the page of a list to answer for others where it was asked for", async () => {
      const [list] = await message(me, "proxy", { from: 0 });
      const shown = await view(list?.id);
      expect(shown.proxy).toMatchObject({ items: [], next: null, total: 0 });
      expect(shown.phrase).toBeNull();
    });

    it("asks the database as often for many messages as for one", async () => {
      let asked = 0;
      const counting = base.db.$extends({
        query: {
          $allOperations: ({ args, query }) => {
            asked += 1;
            return query(args);
          },
        },
      });
      const { deliveries } = parts(counting as unknown as Open["db"]);
      const count = async (wanted: readonly DeliveryId[]) => {
        asked = 0;
        expect(await deliveries.view(wanted, all.times())).toHaveLength(wanted.length);
        return asked;
      };
      const people = await all.office.people(
        PLATFORM,
        Array.from({ length: 30 }, (_, n) => `many${n}`),
      );
      const more = await all.office.deliver(people, notice, "bulk", AT);
      const alone = await count(more.slice(0, 1));
      expect(alone).toBeGreaterThan(0);
      expect(await count(more)).toBe(alone);
    });
  });
};
