import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openDatabase } from "../../src/database/open-database.ts";
import type { Db } from "../../src/store/client.ts";
import { openPrisma } from "../../src/store/client.ts";
import { freshEmbedded, freshPostgres } from "../setup/database.ts";
import { startOver } from "../setup/empty-tables.ts";
import { testLog } from "../setup/log.ts";
import { type World, world } from "../world.ts";

const HOUR = 3_600_000;

const stores: Record<string, () => Promise<{ db: Db; close(): Promise<void> }>> = {
  async PostgreSQL() {
    const { url, drop } = await freshPostgres();
    const database = await openDatabase({ url, dataDir: "", log: testLog(), onDeath: () => {} });
    const db = openPrisma(database.pool);
    const close = async () => {
      await db.$disconnect();
      await database.close();
      await drop();
    };
    return { db, close };
  },
  async PGlite() {
    const { database, drop } = await freshEmbedded();
    const db = openPrisma(database.pool);
    const close = async () => {
      await db.$disconnect();
      await drop();
    };
    return { db, close };
  },
};

/** A county with a town that has a shop and a mill; each case stands alone on it. */
const COUNTY = [
  { code: "county", kind: "authority" },
  { code: "town", parent: "county", kind: "authority" },
  { code: "shop", parent: "town" },
  { code: "mill", parent: "town" },
] as const;

describe.each(Object.keys(stores))("whose obligation it is, on %s", (name) => {
  let db: Db;
  let close: () => Promise<void>;
  let here: World;

  beforeAll(async () => {
    ({ db, close } = await (stores[name] as (typeof stores)[string])());
  });
  afterAll(() => close());
  beforeEach(async () => {
    await startOver(db, "unit", "person", "notice", "inbound");
    here = world(db);
    await here.tree(COUNTY);
  });

  const units = async (number: string) => (await here.stands(number)).units;
  const all = (total: number, rest: object) => ({
    total,
    fulfilled: 0,
    open: 0,
    overdue: 0,
    excluded: 0,
    cancelled: 0,
    ...rest,
  });

  it("1. one person with posts in two units gets one card, and one tap answers for both", async () => {
    await here.person("Zhou", ["shop:principal", "mill:principal"]);
    const number = await here.publish({ audience: "kind enterprise" });
    expect(await here.stands(number)).toMatchObject({ recipients: 1, units: all(2, { open: 2 }) });
    await here.acknowledge("Zhou", number);
    expect(await here.stands(number)).toMatchObject({ acknowledged: 2, late: 0, units: all(2, { fulfilled: 2 }) });
  });

  it("2. a deputy answers by proxy, with a reason, and it shows", async () => {
    await here.person("Zhou", ["shop:principal"]);
    await here.person("Li", ["shop:deputy:principal"]);
    const number = await here.publish({ audience: "unit shop" });
    await here.answerFor("Li", "shop", number, null);
    expect(await here.told("Li")).toEqual(["reply.needs-reason"]);
    await here.answerFor("Li", "shop", number, "周总在外地，没有信号");
    expect(await here.stands(number)).toMatchObject({
      recipients: 1,
      acknowledged: 1,
      byProxy: 1,
      units: all(1, { fulfilled: 1 }),
    });
    await here.acknowledge("Zhou", number);
    expect(await here.told("Zhou")).toEqual(["reply.answered-by-other"]);
    expect(await here.stands(number)).toMatchObject({ acknowledged: 1, byProxy: 1 });
  });

  it("3. a vacant post leaves its unit open and nobody reached", async () => {
    await here.person("Zhou", ["shop:principal"]);
    const number = await here.publish({ audience: "kind enterprise" });
    expect(await here.stands(number)).toMatchObject({ recipients: 1, failed: 0, units: all(2, { open: 2 }) });
    await here.acknowledge("Zhou", number);
    expect(await units(number)).toEqual(all(2, { fulfilled: 1, open: 1 }));
  });

  it("4. a holder without an account hands over to a deputy who has one", async () => {
    await here.person("Zhou", ["shop:principal"], { alone: true });
    await here.person("Li", ["shop:deputy:principal"]);
    await here.person("Wang", ["mill:principal"], { alone: true });
    const number = await here.publish({ audience: "kind enterprise" });
    expect(await here.stands(number)).toMatchObject({ recipients: 2, queued: 1, failed: 1, unreachable: 1 });
    await here.acknowledge("Li", number);
    expect(await here.stands(number)).toMatchObject({
      acknowledged: 1,
      byProxy: 0,
      units: all(2, { fulfilled: 1, open: 1 }),
    });
  });

  it("5. a quorum of two is met by the second answer, and broken again when it is taken back", async () => {
    for (const name of ["An", "Bo", "Chen"]) await here.person(name, ["town:official"]);
    const number = await here.publish({
      audience: "within town and post official",
      closing: { kind: "quorum", needed: 2 },
    });
    await here.acknowledge("An", number);
    expect(await here.stands(number)).toMatchObject({ recipients: 3, acknowledged: 0, units: all(1, { open: 1 }) });
    await here.acknowledge("Bo", number);
    expect(await units(number)).toEqual(all(1, { fulfilled: 1 }));
    await here.takeBack("Bo", number);
    expect(await units(number)).toEqual(all(1, { open: 1 }));
    await here.acknowledge("Chen", number);
    expect(await here.stands(number)).toMatchObject({ acknowledged: 1, units: all(1, { fulfilled: 1 }) });
  });

  it("6. where everyone owes, a unit is done when the last of its people is", async () => {
    for (const name of ["An", "Bo"]) await here.person(name, ["shop:worker"]);
    await here.person("Chen", ["mill:worker"]);
    const number = await here.publish({
      audience: "within town and post worker",
      closing: { kind: "everyone" },
      ack: "read",
    });
    await here.acknowledge("An", number);
    await here.acknowledge("Chen", number);
    expect(await here.stands(number)).toMatchObject({
      recipients: 3,
      acknowledged: 2,
      units: all(2, { fulfilled: 1, open: 1 }),
    });
  });

  it("7. a closed unit stands apart and owes nothing", async () => {
    await db.unit.update({ where: { code: "mill" }, data: { status: "closed" } });
    await here.person("Zhou", ["shop:principal"]);
    await here.person("Wang", ["mill:principal"]);
    const number = await here.publish({ audience: "kind enterprise" });
    expect(await here.stands(number)).toMatchObject({ recipients: 1, units: all(1, { open: 1, excluded: 1 }) });
  });

  it("8. whoever joins late was not asked, and may answer for the unit with a reason", async () => {
    await here.person("Zhou", ["shop:principal"]);
    const number = await here.publish({ audience: "unit shop" });
    await here.person("Tang", ["shop:principal"]);
    expect(await here.stands(number)).toMatchObject({ recipients: 1 });
    await here.answerFor("Tang", "shop", number, "刚接任");
    expect(await here.stands(number)).toMatchObject({ acknowledged: 1, byProxy: 1, units: all(1, { fulfilled: 1 }) });
  });

  it("9. an official above may answer by proxy, one beside may not, and is told so kindly", async () => {
    await here.person("Zhou", ["shop:principal"]);
    await here.person("Lin", ["town:official"]);
    await here.person("Wang", ["mill:principal"]);
    const number = await here.publish({ audience: "unit shop" });
    await here.answerFor("Wang", "shop", number, "邻居");
    expect(await here.told("Wang")).toEqual(["reply.foreign"]);
    await here.answerFor("Lin", "shop", number, "电话签收");
    expect(await here.stands(number)).toMatchObject({ acknowledged: 1, byProxy: 1 });
  });

  it("10. an answer after the due time counts, as late, and the overdue unit with it", async () => {
    await here.person("Zhou", ["shop:principal"]);
    const number = await here.publish({ audience: "unit shop", due: "4h" });
    here.travel(4 * HOUR);
    expect(await units(number)).toEqual(all(1, { open: 1 }));
    here.travel(1);
    expect(await here.stands(number)).toMatchObject({ overdue: 1, units: all(1, { overdue: 1 }) });
    await here.acknowledge("Zhou", number);
    expect(await here.stands(number)).toMatchObject({
      acknowledged: 1,
      late: 1,
      overdue: 0,
      units: all(1, { fulfilled: 1 }),
    });
  });

  it("11. an answer after the recall records nothing, and says so", async () => {
    await here.person("Zhou", ["shop:principal"]);
    const number = await here.publish({ audience: "unit shop" });
    await here.sendAll();
    await here.recall(number);
    await here.acknowledge("Zhou", number);
    expect(await here.told("Zhou")).toEqual(["recalled", "reply.recalled"]);
    expect(await here.stands(number)).toMatchObject({
      status: "recalled",
      acknowledged: 0,
      units: all(0, { cancelled: 1 }),
    });
  });

  it("12. an answer is taken back within two minutes, given again, and then stays", async () => {
    await here.person("Zhou", ["shop:principal"]);
    await here.person("Wang", ["mill:principal"]);
    const number = await here.publish({ audience: "unit shop" });
    await here.acknowledge("Zhou", number);
    await here.takeBack("Zhou", number);
    expect(await here.stands(number)).toMatchObject({ acknowledged: 0, units: all(1, { open: 1 }) });
    await here.acknowledge("Zhou", number);
    await here.acknowledge("Zhou", number);
    expect(await here.told("Zhou")).toEqual(["reply.already"]);
    here.travel(2 * 60_000 + 1);
    await here.takeBack("Zhou", number);
    await here.tapForeign("Wang", "Zhou", number);
    expect(await here.told("Zhou")).toEqual(["reply.already", "reply.too-late-to-take-back"]);
    expect(await here.told("Wang")).toEqual(["reply.foreign"]);
    expect(await here.stands(number)).toMatchObject({ acknowledged: 1, units: all(1, { fulfilled: 1 }) });
    const kinds = (await db.answer.findMany({ orderBy: { id: "asc" } })).map(({ generation, takenBackAt }) => [
      generation,
      takenBackAt !== null,
    ]);
    expect(kinds).toEqual([
      [1, true],
      [2, false],
    ]);
  });

  it("a notice without a moment of its own goes out now, however often now is asked", async () => {
    await here.person("Zhou", ["shop:principal"]);
    here.tick();
    const number = await here.publish({ audience: "unit shop" });
    expect(await here.stands(number)).toMatchObject({ recipients: 1, units: all(1, { open: 1 }) });
  });
});
