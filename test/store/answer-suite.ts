import { randomUUID } from "node:crypto";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { DeliveryId, ObligationId } from "../../src/domain/ids.ts";
import { parseMarkdown } from "../../src/files/markdown.ts";
import { entryBytes } from "../../src/ledger/entry-bytes.ts";
import { wording } from "../../src/locale/wording.ts";
import type { Incoming } from "../../src/ports/chat-platform.ts";
import { answering } from "../../src/services/answer.ts";
import { tapEffect } from "../../src/services/answer-tap.ts";
import { answerStore } from "../../src/store/answers.ts";
import type { Db } from "../../src/store/client.ts";
import { deliveryStore } from "../../src/store/deliveries.ts";
import { draftStore } from "../../src/store/drafts.ts";
import { enrolmentStore } from "../../src/store/enrolments.ts";
import { inboundStore } from "../../src/store/inbound.ts";
import { startOver } from "../setup/empty-tables.ts";
import type { World } from "../world.ts";
import { world } from "../world.ts";

const COUNTY = [
  { code: "county", kind: "authority" },
  { code: "town", parent: "county", kind: "authority" },
  { code: "shop", parent: "town" },
  { code: "mill", parent: "town" },
] as const;

/** What every database must make of what people send. */
export const answerSuite = (database: () => Db) =>
  describe("what people send", () => {
    let db: Db;
    let here: World;
    beforeAll(() => {
      db = database();
    });
    beforeEach(async () => {
      await startOver(db, "unit", "person", "notice", "inbound", "ledger_inbox");
      here = world(db);
      await here.tree(COUNTY);
    });

    const parts = () => ({
      inbound: inboundStore(db, here.keys),
      answers: answerStore(db, here.keys, entryBytes),
      deliveries: deliveryStore(db, here.keys, { parse: parseMarkdown, wording, locale: "zh-CN" }),
      drafts: draftStore(db, here.keys, entryBytes),
      enrolments: enrolmentStore(db, here.keys, entryBytes),
      keys: here.keys,
      platforms: ["web"] as const,
      clock: here.clock,
      log: here.log,
    });
    const times = () => ({ now: here.clock.now(), real: here.clock.real() });
    const put = (name: string, what: Incoming["what"]) =>
      parts().inbound.put(
        { id: randomUUID(), from: { platform: "web", chat: `chat-${name}` }, language: null, what },
        times(),
      );
    const workOff = async () => {
      const answer = answering(parts());
      while ((await answer()) > 0);
    };
    const cards = async (name: string, kind: string) => {
      const rows = await db.delivery.findMany({
        where: { kind, account: { addressIndex: here.keys.index("address", `chat-${name}`) } },
        orderBy: { id: "asc" },
      });
      return rows;
    };
    const view = async (id: bigint) => {
      const [found] = await parts().deliveries.view([id as DeliveryId], times());
      if (!found) throw new Error(`no message ${id}`);
      return found;
    };
    const latest = async (name: string, kind: "todo" | "proxy") => {
      const card = (await cards(name, kind)).at(-1);
      if (!card) throw new Error(`${name} has no ${kind}`);
      return view(card.id);
    };
    const command = (name: string, word: string, argument = "") =>
      here.send(name, { kind: "command", name: word, argument });
    const ledger = async () => {
      const rows = await db.ledgerInbox.findMany({ orderBy: { id: "asc" } });
      return rows.map(({ body }) => JSON.parse(Buffer.from(body).toString()) as Record<string, unknown>);
    };
    /** Everything that stands in a table, as a reader of its file could make it out. */
    const written = async (table: string): Promise<string> => {
      const rows = await db.$queryRawUnsafe<object[]>(`SELECT * FROM "${table}"`);
      const plain = (value: unknown): string =>
        value instanceof Uint8Array
          ? Buffer.from(value).toString()
          : JSON.stringify(value, (_, one) => (typeof one === "bigint" ? String(one) : one));
      return rows
        .flatMap((row) => Object.values(row))
        .map(plain)
        .join("\n");
    };
    const kinds = async () => (await ledger()).map(({ kind }) => kind);

    describe("somebody nobody knows", () => {
      it("changes nothing, is asked who they are, and holds up nobody", async () => {
        await here.person("Zhou", ["shop:principal"]);
        const number = await here.publish({ audience: "unit shop" });
        const [card] = await cards("Zhou", "notice");
        const action = { do: "acknowledge", delivery: (card?.id ?? 0n) as DeliveryId, round: 1 } as const;
        await put("stranger", { kind: "press", action, text: null, ref: null });
        await put("stranger", { kind: "text", text: "hello" });
        await put("stranger", { kind: "language", locale: "en" });
        await workOff();
        expect(await here.stands(number)).toMatchObject({ acknowledged: 0 });
        const said = await db.delivery.findMany({ where: { kind: "reply" }, select: { phrase: true } });
        expect(said).toEqual(Array.from({ length: 3 }, () => ({ phrase: { key: "enrol.stranger", values: {} } })));
        expect([await db.guest.count(), await ledger()]).toMatchObject([1, [{ kind: "published" }]]);
        const events = await db.inbound.findMany();
        expect(events.map(({ state, body }) => [state, body.length])).toEqual(
          Array.from({ length: 3 }, () => ["done", 0]),
        );
        expect(here.log.entries).toEqual([]);
      });
    });

    describe("what a person asks for", () => {
      it("is answered: help, and a word for what is not understood", async () => {
        await here.person("Zhou", ["shop:principal"]);
        for (const word of ["help", "start", "nonsense"]) await command("Zhou", word, "17");
        await here.send("Zhou", { kind: "text", text: "在吗" });
        await here.send("Zhou", { kind: "stale-press" });
        for (const deed of ["help", "todo"] as const)
          await here.send("Zhou", { kind: "press", action: { do: deed }, text: null, ref: null });
        expect(await here.told("Zhou")).toEqual([
          "reply.help",
          "reply.help",
          "reply.stray",
          "reply.stray",
          "reply.stale",
          "reply.help",
          "todo",
        ]);
      });

      it("lists what they owe, the earliest due first, in their language where there is one", async () => {
        await here.person("Zhou", ["shop:principal", "mill:principal"]);
        const later = await here.publish({ audience: "unit shop", due: "8h" });
        const sooner = await here.publish({ audience: "kind enterprise", due: "4h", ack: "read" });
        await command("Zhou", "todo");
        const { todo } = await latest("Zhou", "todo");
        expect(todo.map(({ number, ack, units }) => ({ number, ack, units }))).toEqual([
          { number: sooner, ack: "read", units: ["shop", "mill"] },
          { number: later, ack: "undertake", units: ["shop"] },
        ]);
        await here.acknowledge("Zhou", sooner);
        expect((await latest("Zhou", "todo")).todo.map(({ number }) => number)).toEqual([later]);
        const [list] = await cards("Zhou", "todo");
        expect(list?.wantedRev).toBe(2);
        await here.acknowledge("Zhou", later);
        expect((await latest("Zhou", "todo")).todo).toEqual([]);
      });

      it("does not list what others have done, what has ended, or what is excused", async () => {
        await here.person("Zhou", ["shop:principal"]);
        await here.person("Li", ["shop:deputy:principal"]);
        const done = await here.publish({ audience: "unit shop" });
        await here.answerFor("Li", "shop", done, "在外地");
        const ended = await here.publish({ audience: "unit shop" });
        await db.notice.update({ where: { number: ended }, data: { state: "closed" } });
        const open = await here.publish({ audience: "unit shop" });
        await command("Zhou", "todo");
        expect((await latest("Zhou", "todo")).todo.map(({ number }) => number)).toEqual([open]);
      });

      it("lists those they may answer for eight at a time, with how many there are", async () => {
        const shops = Array.from({ length: 19 }, (_, at) => `s${at + 10}`);
        const town = await db.unit.findUniqueOrThrow({ where: { code: "town" } });
        // Shops with nobody in them, after the county's own tree.
        await db.unit.updateMany({ where: { code: { in: ["county", "town"] } }, data: { rgt: 1000 } });
        await db.unit.createMany({
          data: shops.map((code, at) => {
            const lft = 100 + 2 * at;
            return { code, name: code, kind: "enterprise", parentId: town.id, depth: 2, lft, rgt: lft + 1 };
          }),
        });
        await here.person("Lin", ["town:official"]);
        await here.person("Zhou", ["shop:principal"]);
        const number = await here.publish({ audience: "kind enterprise" });
        const page = async (from: number) => {
          await here.send("Lin", { kind: "press", action: { do: "proxy-list", from }, text: null, ref: null });
          const { proxy } = await latest("Lin", "proxy");
          return { units: proxy?.items.map(({ unitName }) => unitName), next: proxy?.next, total: proxy?.total };
        };
        await command("Lin", "proxy");
        const first = (await latest("Lin", "proxy")).proxy;
        expect(first?.items.map(({ unitName }) => unitName)).toEqual(["shop", "mill", ...shops.slice(0, 6)]);
        expect([first?.next, first?.total]).toEqual([8, 21]);
        expect(await page(8)).toEqual({ units: shops.slice(6, 14), next: 16, total: 21 });
        expect(await page(16)).toEqual({ units: shops.slice(14), next: null, total: 21 });
        // The last page is answered away: what is left stands on the first.
        for (const code of shops.slice(14)) await here.answerFor("Lin", code, number, "电话");
        const { proxy } = await latest("Lin", "proxy");
        expect([proxy?.items.length, proxy?.next, proxy?.total]).toEqual([8, 8, 16]);
        expect(await page(0)).toEqual({ units: ["shop", "mill", ...shops.slice(0, 6)], next: 8, total: 16 });
        await command("Zhou", "proxy");
        expect((await latest("Zhou", "proxy")).proxy).toEqual({ items: [], next: null, total: 0 });
      });

      it("is put into another language, with every card that stands", async () => {
        await here.person("Zhou", ["shop:principal"]);
        await here.publish({ audience: "unit shop" });
        await command("Zhou", "todo");
        await here.send("Zhou", { kind: "language", locale: "en-GB" });
        await command("Zhou", "language", "zh");
        await command("Zhou", "language", "ii-CN");
        expect(await here.told("Zhou")).toEqual(["todo", "reply.language", "reply.language", "reply.unknown-language"]);
        const revs = (await cards("Zhou", "notice"))
          .concat(await cards("Zhou", "todo"))
          .map(({ wantedRev }) => wantedRev);
        expect(revs).toEqual([3, 3]);
        expect((await view((await cards("Zhou", "todo"))[0]?.id ?? 0n)).reader.locale).toBe("zh-CN");
      });
    });

    describe("a tap", () => {
      it("counts from when it came in, however long it waited for us", async () => {
        await here.person("Zhou", ["shop:principal"]);
        const number = await here.publish({ audience: "unit shop", due: "4h" });
        here.travel(4 * 3_600_000 - 1000);
        const [card] = await cards("Zhou", "notice");
        const action = { do: "acknowledge", delivery: (card?.id ?? 0n) as DeliveryId, round: 1 } as const;
        await put("Zhou", { kind: "press", action, text: null, ref: null });
        const tapped = here.clock.now();
        here.travel(60_000);
        await workOff();
        expect(await here.stands(number)).toMatchObject({ acknowledged: 1, late: 0 });
        expect((await db.answer.findFirstOrThrow()).at).toEqual(tapped);
      });

      it("on a button of an earlier round does nothing and says so", async () => {
        await here.person("Zhou", ["shop:principal"]);
        const number = await here.publish({ audience: "unit shop" });
        const [card] = await cards("Zhou", "notice");
        const old = { do: "acknowledge", delivery: (card?.id ?? 0n) as DeliveryId, round: 1 } as const;
        await here.acknowledge("Zhou", number);
        await here.takeBack("Zhou", number);
        await here.send("Zhou", { kind: "press", action: old, text: null, ref: null });
        expect(await here.told("Zhou")).toEqual(["reply.stale"]);
        expect(await here.stands(number)).toMatchObject({ acknowledged: 0 });
      });

      it("on a card that is not there does nothing and says so", async () => {
        await here.person("Zhou", ["shop:principal"]);
        const delivery = 999n as DeliveryId;
        const press = { kind: "press", text: null, ref: null } as const;
        await here.send("Zhou", { ...press, action: { do: "acknowledge", delivery, round: 1 } });
        await here.send("Zhou", { ...press, action: { do: "take-back", delivery, round: 1 } });
        await here.send("Zhou", { ...press, action: { do: "proxy", obligation: 999n as ObligationId, generation: 1 } });
        expect(await here.told("Zhou")).toEqual(["reply.stale", "reply.stale", "reply.stale"]);
        // A list is no notice's card either.
        await command("Zhou", "todo");
        const [list] = await cards("Zhou", "todo");
        await here.send("Zhou", {
          ...press,
          action: { do: "acknowledge", delivery: (list?.id ?? 0n) as DeliveryId, round: 1 },
        });
        expect((await here.told("Zhou")).at(-1)).toBe("reply.stale");
        expect(here.log.entries).toEqual([]);
      });

      it("redraws the cards of all who were asked, and ends the offer to take it back", async () => {
        for (const name of ["An", "Bo"]) await here.person(name, ["shop:official"]);
        const number = await here.publish({ audience: "unit shop and post official" });
        await here.acknowledge("An", number);
        const [mine] = await cards("An", "notice");
        const [theirs] = await cards("Bo", "notice");
        expect([mine?.wantedRev, theirs?.wantedRev]).toEqual([2, 2]);
        expect(mine?.refreshAt).toEqual(new Date(here.clock.now().getTime() + 121_000));
        expect([mine?.state, theirs?.state]).toEqual(["seen", "pending"]);
        const { notice } = await view(theirs?.id ?? 0n);
        expect(notice?.duties[0]?.answer).toMatchObject({ by: { name: "An" }, how: "tap", late: false });
        await here.takeBack("An", number);
        expect((await cards("An", "notice"))[0]).toMatchObject({ round: 2, refreshAt: null, wantedRev: 3 });
        expect((await cards("Bo", "notice"))[0]?.wantedRev).toBe(3);
      });

      it("ends the offer to take it back also on a card that is being sent once more", async () => {
        await here.person("Zhou", ["shop:principal"]);
        const number = await here.publish({ audience: "unit shop" });
        await db.delivery.updateMany({ data: { state: "sending", leaseId: "x", leaseUntil: new Date() } });
        await here.acknowledge("Zhou", number);
        const [card] = await cards("Zhou", "notice");
        expect([card?.state, card?.refreshAt !== null]).toEqual(["sending", true]);
        expect(await here.stands(number)).toMatchObject({ acknowledged: 1, queued: 1 });
      });

      it("settles a doubt, and tells which message it was", async () => {
        await here.person("Zhou", ["shop:principal"]);
        const number = await here.publish({ audience: "unit shop" });
        await db.delivery.updateMany({ data: { state: "in-doubt", doubtAt: here.clock.now() } });
        const [card] = await cards("Zhou", "notice");
        const action = { do: "acknowledge", delivery: (card?.id ?? 0n) as DeliveryId, round: 1 } as const;
        await here.send("Zhou", { kind: "press", action, text: null, ref: "message-7" });
        expect((await cards("Zhou", "notice"))[0]).toMatchObject({ state: "seen", ref: "message-7" });
        expect(await here.stands(number)).toMatchObject({ acknowledged: 1, inDoubt: 0, sent: 1 });
      });

      it("answers again what another took back after it was answered by them", async () => {
        await here.person("An", ["shop:official", "mill:official"]);
        await here.person("Bo", ["shop:official"]);
        const number = await here.publish({ audience: "kind enterprise and post official" });
        await here.acknowledge("Bo", number);
        await here.acknowledge("An", number);
        expect(await here.stands(number)).toMatchObject({ acknowledged: 2 });
        await here.takeBack("Bo", number);
        expect(await here.stands(number)).toMatchObject({ acknowledged: 1, units: { open: 1 } });
        await command("An", "todo");
        expect((await latest("An", "todo")).todo).toHaveLength(1);
        await here.acknowledge("An", number);
        expect(await here.stands(number)).toMatchObject({ acknowledged: 2, units: { fulfilled: 2 } });
        expect(await here.told("An")).toEqual(["todo"]);
      });

      it("is one answer, however often it comes at once", async () => {
        await here.person("Zhou", ["shop:principal", "mill:principal"]);
        const number = await here.publish({ audience: "kind enterprise" });
        const [card] = await cards("Zhou", "notice");
        const action = { do: "acknowledge", delivery: (card?.id ?? 0n) as DeliveryId, round: 1 } as const;
        for (let tap = 0; tap < 50; tap += 1) await put("Zhou", { kind: "press", action, text: null, ref: null });
        const { answers, inbound } = parts();
        const sender = await answers.sender({ platform: "web", chat: "chat-Zhou" });
        if (!sender) throw new Error("Zhou is known");
        // All of them at once, as no worker would: the database alone decides.
        const events = await db.inbound.findMany({ orderBy: { id: "asc" } });
        const taps = events.map(({ id }) => {
          const press = { inbound: id as never, sender, words: null, ref: null, now: here.clock.now() };
          return answers.tap({ ...press, delivery: action.delivery, round: 1 }, (facts) =>
            tapEffect(facts, "acknowledge", press),
          );
        });
        const decisions = (await Promise.all(taps)).map((decision) => decision?.kind);
        expect(decisions.filter((kind) => kind === "record")).toHaveLength(1);
        expect(decisions.filter((kind) => kind === "already")).toHaveLength(49);
        expect(await db.answer.count()).toBe(2);
        expect(await kinds()).toEqual(["published", "acknowledged", "acknowledged"]);
        expect(await here.stands(number)).toMatchObject({ acknowledged: 2 });
        expect(await inbound.waiting(100, times())).toEqual([]);
      });

      it("is one answer where two workers hold the same event", async () => {
        await here.person("Zhou", ["shop:principal"]);
        await here.publish({ audience: "unit shop" });
        const [card] = await cards("Zhou", "notice");
        const action = { do: "acknowledge", delivery: (card?.id ?? 0n) as DeliveryId, round: 1 } as const;
        const id = await put("Zhou", { kind: "press", action, text: null, ref: null });
        const { answers } = parts();
        const sender = await answers.sender({ platform: "web", chat: "chat-Zhou" });
        if (!sender || id === null) throw new Error("Zhou is known");
        const press = { inbound: id, sender, words: null, ref: null, now: here.clock.now() };
        const tap = () =>
          answers.tap({ ...press, delivery: action.delivery, round: 1 }, (facts) =>
            tapEffect(facts, "acknowledge", press),
          );
        const decisions = await Promise.all([tap(), tap(), tap()]);
        expect(decisions.filter((decision) => decision === null)).toHaveLength(2);
        await answers.tell(press, "reply", { key: "reply.stale", values: {} });
        await answers.setLanguage(press, "en", { key: "reply.language", values: {} });
        expect([await db.answer.count(), await here.told("Zhou"), await kinds()]).toEqual([
          1,
          [],
          ["published", "acknowledged"],
        ]);
        expect((await db.person.findFirstOrThrow()).locale).toBeNull();
      });

      it("and another's proxy at the same moment are one fulfilment", async () => {
        await here.person("Zhou", ["shop:principal"]);
        await here.person("Li", ["shop:deputy:principal"]);
        const number = await here.publish({ audience: "unit shop" });
        const [card] = await cards("Zhou", "notice");
        const owed = await db.obligation.findFirstOrThrow();
        const delivery = (card?.id ?? 0n) as DeliveryId;
        const obligation = owed.id as ObligationId;
        await put("Zhou", { kind: "press", ref: null, text: null, action: { do: "acknowledge", delivery, round: 1 } });
        await put("Li", {
          kind: "press",
          ref: null,
          text: "在外地",
          action: { do: "proxy", obligation, generation: 1 },
        });
        await Promise.all([workOff(), workOff(), workOff()]);
        expect(here.log.entries).toEqual([]);
        expect(await here.stands(number)).toMatchObject({ acknowledged: 1, units: { fulfilled: 1 } });
        const { how } = await db.answer.findFirstOrThrow();
        const told = [await here.told("Zhou"), await here.told("Li")];
        if (how === "tap") expect(told).toEqual([[], ["reply.answered-by-other"]]);
        else expect(told).toEqual([["reply.answered-by-other"], ["reply.proxy-done"]]);
        expect(await db.answer.count()).toBe(1);
      });

      it("of many who were asked for the same units waits for nobody for ever", async () => {
        const names = Array.from({ length: 12 }, (_, at) => `official-${at}`);
        for (const name of names) await here.person(name, ["shop:official", "mill:official", "town:official"]);
        const number = await here.publish({
          audience: "within town and post official",
          closing: { kind: "quorum", needed: 12 },
        });
        for (const name of names) {
          const [card] = await cards(name, "notice");
          const action = { do: "acknowledge", delivery: (card?.id ?? 0n) as DeliveryId, round: 1 } as const;
          await put(name, { kind: "press", action, text: null, ref: null });
        }
        await Promise.all(names.map(() => workOff()));
        expect(here.log.entries).toEqual([]);
        expect(await here.stands(number)).toMatchObject({ acknowledged: 3, units: { fulfilled: 3 } });
        expect(await db.answer.count()).toBe(36);
        expect((await cards("official-0", "notice"))[0]?.wantedRev).toBe(13);
      });
    });

    describe("words that come with an answer", () => {
      it("are needed for evidence, and stand in no table as they were written", async () => {
        await here.person("Zhou", ["shop:principal"]);
        await here.person("Wang", ["mill:principal"]);
        await here.person("Li", ["mill:deputy:principal"]);
        const number = await here.publish({ audience: "kind enterprise", ack: "evidence" });
        const said = ["消防通道已清理，灭火器换了三只", "周总在外地开会，没有信号"] as const;
        await here.acknowledge("Zhou", number, null);
        await here.acknowledge("Zhou", number, "  ");
        expect(await here.told("Zhou")).toEqual(["reply.needs-words", "reply.needs-words"]);
        expect(await db.answer.count()).toBe(0);
        await here.acknowledge("Zhou", number, ` ${said[0]} `);
        await here.answerFor("Li", "mill", number, "");
        await here.answerFor("Li", "mill", number, said[1]);
        expect(await here.told("Li")).toEqual(["reply.needs-reason", "reply.proxy-done"]);
        const answers = await db.answer.findMany({
          orderBy: { id: "asc" },
          include: { person: { include: { key: true } } },
        });
        const opened = answers.map(({ wordsCell, person: { uid, key } }) => {
          if (!wordsCell || !key) throw new Error("no words");
          return here.keys.person(uid, key.wrapped).open("answer.words_cell", wordsCell);
        });
        expect(opened).toEqual(said);
        const tables = ["answer", "inbound", "delivery", "ledger_inbox", "chat_message", "obligation"];
        const everything = (await Promise.all(tables.map(written))).join("\n");
        for (const secret of [...said, "Zhou", "chat-Zhou"]) expect(everything).not.toContain(secret);
        expect((await db.inbound.findMany()).every(({ body }) => body.length === 0)).toBe(true);
      });

      it("are not kept of a tap that needs none", async () => {
        await here.person("Zhou", ["shop:principal"]);
        const number = await here.publish({ audience: "unit shop" });
        await here.acknowledge("Zhou", number);
        expect((await db.answer.findFirstOrThrow()).wordsCell).toBeNull();
      });
    });

    describe("the ledger", () => {
      it("tells every effect once, by whom, how, and of which words", async () => {
        await here.person("Zhou", ["shop:principal"]);
        await here.person("Lin", ["town:official"]);
        const number = await here.publish({ audience: "kind enterprise" });
        await here.acknowledge("Zhou", number);
        await here.takeBack("Zhou", number);
        await here.acknowledge("Zhou", number);
        await here.acknowledge("Zhou", number);
        await here.answerFor("Lin", "mill", number, "电话");
        await here.answerFor("Lin", "mill", number, "电话");
        const told = await ledger();
        expect(told.map(({ kind }) => kind)).toEqual([
          "published",
          "acknowledged",
          "taken-back",
          "acknowledged",
          "acknowledged-by-proxy",
        ]);
        const [zhou, lin] = await db.person.findMany({ orderBy: { id: "asc" }, select: { uid: true } });
        const hash = (await db.noticeText.findFirstOrThrow()).hash;
        expect(told[1]).toMatchObject({ actor: zhou?.uid, how: "tap", contentHash: hash });
        expect(told[4]).toMatchObject({ actor: lin?.uid, how: "proxy", contentHash: hash });
        expect(JSON.stringify(told)).not.toMatch(/Zhou|Lin|电话/u);
        expect(await here.stands(number)).toMatchObject({ acknowledged: 2, byProxy: 1 });
      });

      it("tells of the language that the card showed", async () => {
        await here.person("Zhou", ["shop:principal"]);
        const number = await here.publish({ audience: "unit shop" });
        const [notice] = await db.notice.findMany();
        const english = { noticeId: notice?.id ?? 0n, locale: "en", title: "T", body: "B", hash: "english" };
        await db.noticeText.create({ data: english });
        await db.delivery.updateMany({ data: { shownLocale: "en" } });
        await here.acknowledge("Zhou", number);
        expect((await ledger())[1]).toMatchObject({ contentHash: "english" });
      });

      it("and the answer are written together or not at all", async () => {
        await here.person("Zhou", ["shop:principal"]);
        await here.publish({ audience: "unit shop" });
        const [card] = await cards("Zhou", "notice");
        const action = { do: "acknowledge", delivery: (card?.id ?? 0n) as DeliveryId, round: 1 } as const;
        await put("Zhou", { kind: "press", action, text: null, ref: null });
        const broken = answerStore(db, here.keys, () => {
          throw new Error("no ledger");
        });
        const answer = answering({ ...parts(), answers: broken });
        expect(await answer()).toBe(1);
        expect(here.log.entries.map(({ event }) => event)).toEqual(["answer-failed"]);
        expect([await db.answer.count(), await kinds()]).toEqual([0, ["published"]]);
        expect((await db.obligation.findFirstOrThrow()).state).toBe("open");
        expect((await db.inbound.findFirstOrThrow()).state).toBe("pending");
      });

      it("hears nothing of what changed nothing", async () => {
        await here.person("Zhou", ["shop:principal"]);
        await here.person("Wang", ["mill:worker"]);
        const number = await here.publish({ audience: "unit shop" });
        await here.tapForeign("Wang", "Zhou", number);
        await here.takeBack("Zhou", number);
        await here.answerFor("Wang", "shop", number, "邻居");
        await command("Zhou", "todo");
        expect(await kinds()).toEqual(["published"]);
        expect(await here.told("Zhou")).toEqual(["reply.nothing-to-take-back", "todo"]);
        expect(await here.told("Wang")).toEqual(["reply.foreign", "reply.foreign"]);
      });
    });
  });
