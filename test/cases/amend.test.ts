import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { cardWords } from "../../src/dialogue/card-words.ts";
import { plainText } from "../../src/domain/content.ts";
import { openLedger } from "../../src/ledger/ledger.ts";
import { verify } from "../../src/services/verify.ts";
import { ledgerStore } from "../../src/store/ledger-entries.ts";
import { newLedgerKey } from "../ledger/sealed-world.ts";
import { type Open, overEmbedded, overPostgres } from "../scripted/open.ts";
import { freshEmbedded, freshPostgres } from "../setup/database.ts";
import { startOver } from "../setup/empty-tables.ts";
import { type World, world } from "../world.ts";

const HOUR = 3_600_000;
const COUNTY = [
  { code: "county", kind: "authority" },
  { code: "town", parent: "county", kind: "authority" },
  { code: "shop", parent: "town" },
  { code: "mill", parent: "town" },
  { code: "dock", parent: "town" },
] as const;
const ALL = { audience: "kind enterprise" } as const;
const LATER = { ...ALL, due: "8h" } as const;

const databases: Readonly<Record<string, () => Promise<Open>>> = {
  PostgreSQL: async () => overPostgres(await freshPostgres()),
  PGlite: async () => overEmbedded(await freshEmbedded()),
};

describe.each(Object.keys(databases))("mistakes taken back, on %s", (name) => {
  let base: Open;
  let here: World;
  const ledger = openLedger(newLedgerKey());
  beforeAll(async () => {
    base = await (databases[name] as () => Promise<Open>)();
  });
  afterAll(() => base.close());
  beforeEach(async () => {
    await startOver(base.db, "unit", "person", "notice", "inbound", "ledger_inbox");
    here = world(base.db);
    await here.tree(COUNTY);
    await here.person("Zhou", ["shop:principal"]);
    await here.person("Wang", ["mill:principal"]);
    await here.person("Dong", ["dock:principal"]);
  });

  const units = (total: number, rest: object) => ({
    ...{ total, fulfilled: 0, open: 0, overdue: 0, excluded: 0, cancelled: 0 },
    ...rest,
  });
  const words = async (who: string, number: string, kind?: string): Promise<string> => {
    const card = await here.shows(who, number, kind);
    return card ? cardWords(card) : "";
  };
  /** Every case ends in agreement between the ledger and the tables, as far as the ledger was told of them. */
  const proven = async () => {
    const parts = { ledgerStore: ledgerStore(base.db), ledger, clock: here.clock };
    return verify(parts);
  };

  describe("recalled", () => {
    it("in mid-broadcast: the unsent stops, the sent are told once, the open is owed by nobody", async () => {
      const number = await here.publish(ALL);
      const one = await base.db.delivery.findMany({ where: { kind: "notice" }, orderBy: { id: "asc" } });
      const at = here.clock.now();
      const [sent, doubted] = one;
      await base.db.delivery.update({
        where: { id: sent?.id ?? 0n },
        data: { state: "sent", sentAt: at, ref: "m1", drawnRev: 1 },
      });
      await base.db.delivery.update({ where: { id: doubted?.id ?? 0n }, data: { state: "in-doubt", doubtAt: at } });
      await here.acknowledge("Zhou", number);
      expect(await here.recall(number)).toMatchObject({ kind: "done", stopped: 1, told: 2, cancelled: 2 });
      expect(await here.stands(number)).toMatchObject({
        ...{ status: "recalled", reason: "日期写错了", recipients: 2, sent: 1, inDoubt: 1, queued: 0, stopped: 1 },
        ...{ acknowledged: 1, units: units(1, { fulfilled: 1, cancelled: 2 }) },
      });
      expect([await here.told("Zhou"), await here.told("Wang"), await here.told("Dong")]).toEqual([
        ["recalled"],
        ["recalled"],
        [],
      ]);
      expect(await here.recall(number, "再来一次")).toMatchObject({ kind: "recalled", reason: "日期写错了" });
      expect(await base.db.delivery.count({ where: { kind: "recalled" } })).toBe(2);
      expect(await words("Zhou", number, "recalled")).toBe("17号《防范》已撤回，不用再办。\n原因：日期写错了");
      expect(await words("Zhou", number)).toContain("这份通知已撤回，不用再办。");
      expect(await proven()).toMatchObject({ kind: "proven", notices: 1 });
    });

    it("knows what it cannot recall", async () => {
      expect(await here.recall("某〔2026〕1号")).toEqual({ kind: "unknown" });
      const old = await here.publish(ALL);
      const { number } = await here.supersede(old, LATER);
      expect(await here.recall(old)).toEqual({ kind: "superseded", by: number });
    });

    it("takes nothing back any more, by its own card or by proxy", async () => {
      await here.person("Lin", ["town:official"]);
      const number = await here.publish(ALL);
      await here.sendAll();
      await here.acknowledge("Zhou", number);
      await here.recall(number);
      await here.takeBack("Zhou", number);
      await here.answerFor("Lin", "mill", number, "电话签收");
      expect(await here.told("Zhou")).toEqual(["recalled", "reply.recalled"]);
      expect(await here.told("Lin")).toEqual(["reply.recalled"]);
      expect(await here.stands(number)).toMatchObject({ acknowledged: 1, byProxy: 0 });
      expect(await proven()).toMatchObject({ kind: "proven" });
    });
  });

  describe("superseded", () => {
    it("without more being asked: answers stand, the open goes on, everybody sees what changed", async () => {
      const old = await here.publish({ ...ALL, body: "请您查 1 遍通道。\n\n- 出口\n- 灯" });
      await here.sendAll();
      await here.acknowledge("Zhou", old);
      const { number, result } = await here.supersede(old, { ...LATER, body: "请您查 2 遍通道。\n\n- 出口\n- 灯" });
      expect(result).toMatchObject({ version: 2, carried: 1, cancelled: 2, told: 0, recipients: 3 });
      expect(await here.stands(old)).toMatchObject({
        ...{ status: "superseded", supersededBy: number, acknowledged: 1 },
        units: units(1, { fulfilled: 1, cancelled: 2 }),
      });
      expect(await here.stands(number)).toMatchObject({
        ...{ version: 2, supersedes: old, recipients: 3, acknowledged: 1 },
        units: units(3, { fulfilled: 1, open: 2 }),
      });
      const [kept, owed] = [await here.shows("Zhou", number), await here.shows("Wang", number)];
      expect(kept?.lead).toBe("17号改过了，您的回复仍然有效。改动：");
      expect(kept?.buttons.map(({ action }) => action.do)).toEqual(["take-back"]);
      expect(owed?.lead).toBe("17号改过了，只需看标出的地方：");
      expect(owed?.buttons.map(({ action }) => action.do)).toEqual(["acknowledge"]);
      expect(plainText(owed?.content?.short ?? [])).toBe("请您查 [-1-]{+2+} 遍通道。");
      expect(plainText(owed?.content?.rest ?? [])).toBe("请您查 [-1-]{+2+} 遍通道。\n出口\n灯");
      await here.acknowledge("Wang", old);
      expect(await here.told("Wang")).toEqual(["reply.superseded.owed"]);
      await here.acknowledge("Zhou", old);
      expect(await here.told("Zhou")).toEqual(["reply.superseded"]);
      await here.acknowledge("Wang", number);
      await here.takeBack("Zhou", number);
      expect(await here.stands(number)).toMatchObject({ units: units(3, { fulfilled: 1, open: 2 }) });
      expect(await words("Wang", old)).toContain(`通知改过了，新版是${number}。`);
      expect(await proven()).toMatchObject({ kind: "proven", notices: 2 });
    });

    it.each([
      ["more is asked", { ack: "evidence" }, ["ack"], false],
      ["it is due earlier", { due: "1h" }, ["due"], false],
      ["the issuer says so", {}, ["words"], true],
    ] as const)("asks everybody again where %s", async (_, change, reasons, flag) => {
      const old = await here.publish(ALL);
      await here.sendAll();
      await here.acknowledge("Zhou", old);
      here.travel(HOUR);
      const made = await here.supersede(old, { ...LATER, ...change }, flag);
      expect(made.reasons).toEqual(reasons);
      expect(await here.stands(made.number)).toMatchObject({ acknowledged: 0, units: units(3, { open: 3 }) });
      expect((await here.shows("Zhou", made.number))?.lead).toBe("这份代替17号，文字没有变，请再回复一次。");
      expect((await here.shows("Wang", made.number))?.lead).toBe("这份代替17号，文字没有变。");
      expect(await proven()).toMatchObject({ kind: "proven" });
    });

    it("meant for others: who is new is asked, who is not meant any more is told once", async () => {
      const old = await here.publish({ audience: "unit shop or unit mill" });
      await here.sendAll();
      await here.acknowledge("Zhou", old);
      const { preview } = await here.previewSupersession(old, { audience: "unit shop or unit dock", due: "8h" });
      expect([preview.newly, preview.sees, preview.released]).toMatchObject([
        { people: 1, units: [{ code: "dock" }] },
        { people: 1, units: [{ code: "shop" }] },
        { people: 1, units: [{ code: "mill" }] },
      ]);
      expect(preview).toMatchObject({ again: { people: 0 }, still: { people: 0 }, told: 1, carried: 1 });
      const { number } = await here.supersede(old, { audience: "unit shop or unit dock", due: "8h" });
      expect(await here.told("Wang")).toEqual(["released"]);
      expect(await words("Wang", old)).toContain("通知改过了，新版不再涉及您，不用再办。");
      expect((await here.shows("Dong", number))?.lead).toBeNull();
      await here.acknowledge("Wang", old);
      expect(await here.told("Wang")).toEqual(["released", "reply.superseded"]);
      expect(await proven()).toMatchObject({ kind: "proven" });
    });

    it("after its people have changed: an answer stays with whoever is still there, and a proxy's with the unit", async () => {
      await here.person("Lin", ["town:official"]);
      const old = await here.publish(ALL);
      await here.sendAll();
      await here.acknowledge("Zhou", old);
      await here.acknowledge("Wang", old);
      await here.answerFor("Lin", "dock", old, "电话签收");
      await base.db.post.deleteMany({ where: { unit: { code: "shop" } } });
      await here.person("Tang", ["shop:principal"]);
      await base.db.post.updateMany({ where: { unit: { code: "mill" } }, data: { post: "liaison" } });
      await here.person("Ma", ["mill:principal"]);
      const { number } = await here.supersede(old, LATER);
      expect(await here.stands(number)).toMatchObject({
        ...{ acknowledged: 2, byProxy: 1 },
        units: units(3, { fulfilled: 2, open: 1 }),
      });
      expect(await here.told("Zhou")).toEqual(["released"]);
      expect((await here.shows("Tang", number))?.buttons.map(({ action }) => action.do)).toEqual(["acknowledge"]);
      expect((await here.shows("Ma", number))?.standing?.words).toContain("Wang");
      expect(await proven()).toMatchObject({ kind: "proven" });
    });

    it("after a unit was closed: it is left out, whatever it had answered", async () => {
      const old = await here.publish(ALL);
      await here.sendAll();
      await here.acknowledge("Zhou", old);
      await base.db.unit.update({ where: { code: "shop" }, data: { status: "closed" } });
      const { number } = await here.supersede(old, LATER);
      expect(await here.stands(number)).toMatchObject({
        ...{ recipients: 2, acknowledged: 0 },
        units: units(2, { open: 2, excluded: 1 }),
      });
      expect(await proven()).toMatchObject({ kind: "proven" });
    });

    it("before it was sent: nobody is told of changes to what they never saw", async () => {
      const old = await here.publish(ALL);
      const { number, result } = await here.supersede(old, { ...LATER, body: "别的话。" });
      expect(result).toMatchObject({ stopped: 3, told: 0, cancelled: 3 });
      expect((await here.shows("Zhou", number))?.lead).toBeNull();
    });

    it("with a higher quorum: answers count on, and only the others are asked", async () => {
      for (const who of ["An", "Bo", "Chen"]) await here.person(who, ["town:official"]);
      const ask = { audience: "within town and post official", closing: { kind: "quorum", needed: 2 } } as const;
      const old = await here.publish({ ...ask, closing: { kind: "each-unit" } });
      await here.sendAll();
      await here.acknowledge("An", old);
      const made = await here.supersede(old, { ...ask, due: "8h" });
      expect(made.reasons).toEqual(["closing"]);
      expect(await here.stands(made.number)).toMatchObject({ acknowledged: 0, units: units(1, { open: 1 }) });
      await here.acknowledge("An", made.number);
      expect(await here.told("An")).toEqual(["reply.already"]);
      await here.acknowledge("Bo", made.number);
      expect(await here.stands(made.number)).toMatchObject({ units: units(1, { fulfilled: 1 }) });
      const lower = await here.supersede(made.number, { ...ask, closing: { kind: "each-unit" }, due: "9h" });
      expect(await here.stands(lower.number)).toMatchObject({ acknowledged: 1, version: 3 });
      expect(await proven()).toMatchObject({ kind: "proven", notices: 3 });
    });

    it("from a unit's duty to everyone's and back: each answer counts for whoever gave it", async () => {
      for (const who of ["An", "Bo"]) await here.person(who, ["shop:worker"]);
      const ask = { audience: "unit shop and post worker", ack: "read", due: "8h" } as const;
      const old = await here.publish({ ...ask, due: "4h" });
      await here.sendAll();
      await here.acknowledge("An", old);
      const each = await here.supersede(old, { ...ask, closing: { kind: "everyone" } });
      expect(await here.stands(each.number)).toMatchObject({ acknowledged: 1, units: units(1, { open: 1 }) });
      await here.sendAll();
      await here.acknowledge("Bo", each.number);
      const back = await here.supersede(each.number, { ...ask, due: "9h" });
      expect(back.reasons).toEqual([]);
      expect(await here.stands(back.number)).toMatchObject({ acknowledged: 1, units: units(1, { fulfilled: 1 }) });
      expect(await proven()).toMatchObject({ kind: "proven", notices: 3 });
    });

    it("twice, or when its number is taken, or by one that nobody is meant by: nothing is written", async () => {
      const old = await here.publish(ALL);
      await expect(here.supersede(old, { audience: "unit nowhere" })).rejects.toThrow("unknown-code");
      await expect(here.supersede(old, { audience: "kind site" })).rejects.toThrow("nobody");
      expect(await here.stands(old)).toMatchObject({ status: "published", queued: 3, units: units(3, { open: 3 }) });
      await here.supersede(old, LATER);
      await expect(here.supersede(old, LATER)).rejects.toThrow("old");
    });
  });
});
