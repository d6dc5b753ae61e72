import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { type ImportWorld, importWorld, PEOPLE, UNITS } from "../importing/import-world.ts";
import { emptyTables } from "../setup/empty-tables.ts";
import { world as openWorld } from "../world.ts";

let world: ImportWorld;
beforeAll(async () => {
  world = await importWorld("postgres");
});
afterEach(async () => {
  await emptyTables(world.pool, "notice");
  await world.empty();
});
afterAll(() => world.drop());

const TREE = [UNITS, "1,县,authority,,,,,,,", "11,厂,enterprise,1,,,,,,"];
const person = (row: string) => ({ "people.csv": [PEOPLE, row] });

it("the language that a person chose is theirs, whatever a file says", async () => {
  await world.import({ "units.csv": TREE, ...person("张三,11,principal,zh-CN,13800000001,,,,,,") });
  await world.import(person("张三,11,principal,en,13800000001,,,,,,"));
  expect((await world.onRecord()).people).toMatchObject([{ locale: "en" }]);
  await world.db.person.updateMany({ data: { locale: "zh-CN", localeChosen: true } });
  expect(await world.import(person("张三,11,principal,en,13800000001,,,,,,"))).toMatchObject({
    people: { changed: 0, same: 1 },
  });
  expect((await world.onRecord()).people).toMatchObject([{ locale: "zh-CN" }]);
});

it("a new account on a platform takes the place of the old one, and what its person still owes goes there", async () => {
  await world.import({ "units.csv": TREE, ...person("张三,11,principal,,13800000001,77,,,,,") });
  const office = openWorld(world.db);
  for (const _ of ["owed", "answered"]) await office.publish({ audience: "unit 11" });
  await world.pool.query(`UPDATE "delivery" d SET "platform" = 'telegram', "account_id" = a."id", "why" = NULL, "state" = 'sent',
    "sent_at" = now(), "ref" = 'r', "drawn_rev" = 1 FROM "account" a WHERE a."person_id" = d."person_id"`);
  const [, answered] = await world.db.obligation.findMany({ orderBy: { id: "asc" } });
  await world.pool.query(
    `UPDATE "obligation" SET "state" = 'fulfilled', "fulfilled_at" = now(), "fulfilled_how" = 'tap' WHERE "id" = $1`,
    [answered?.id],
  );
  const stands = async () => {
    const accounts = await world.db.account.findMany({ orderBy: { id: "asc" } });
    const where = { kind: "notice" };
    const cards = await world.db.delivery.findMany({ where, orderBy: { id: "asc" }, include: { account: true } });
    return [
      accounts.map(({ gone }) => gone),
      cards.map(({ state, accountId }) => `${state} ${accounts.findIndex(({ id }) => id === accountId)}`),
    ];
  };
  const moved = person("张三,11,principal,,13800000001,78,,,,,");
  expect(await world.import(moved)).toMatchObject({ people: { changed: 1 } });
  expect(await stands()).toEqual([
    ["replaced", null],
    ["pending 1", "sent 0"],
  ]);
  expect(await world.import(moved)).toMatchObject({ people: { changed: 0, same: 1 } });
  await world.import(person("张三,11,principal,,13800000001,77,,,,,"));
  expect(await stands()).toEqual([
    [null, "replaced"],
    ["pending 0", "sent 0"],
  ]);
  // That they are enrolled was said once, however often their id changed.
  expect(await world.db.delivery.findMany({ where: { kind: "reply" }, select: { slot: true, phrase: true } })).toEqual([
    { slot: "welcome", phrase: expect.objectContaining({ key: "enrol.welcome" }) },
  ]);
});

it("a notice that is published while an import closes a unit leaves nothing open there", async () => {
  await world.import({ "units.csv": TREE, ...person("张三,11,principal,,,,,,,,yes") });
  const blocker = await world.pool.connect();
  const waiting = async (count: number): Promise<void> => {
    for (;;) {
      const { rows } = await blocker.query(
        `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
      if (rows.length >= count) return;
    }
  };
  await blocker.query(`BEGIN; LOCK TABLE "ledger_inbox" IN SHARE MODE`);
  // The notice has been written, and not yet told.
  const published = openWorld(world.db).publish({ audience: "all" });
  await waiting(1);
  const imported = world.import({ "units.csv": [UNITS, "11,厂,enterprise,1,,,,,,closed"] });
  await waiting(2);
  await blocker.query("COMMIT");
  blocker.release();
  await published;
  expect(await imported).toMatchObject({ kind: "imported", excused: [{ unit: "11", reason: "unit-closed" }] });
  const states = await world.db.obligation.findMany({ select: { state: true, unit: { select: { code: true } } } });
  expect(states.map(({ state, unit }) => `${unit.code} ${state}`).sort()).toEqual(["1 open", "11 excused"]);
});
