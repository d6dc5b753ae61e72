import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { openKeys } from "../../src/keys/keys.ts";
import { type ImportWorld, importWorld, inShort, PEOPLE, UNITS } from "../importing/import-world.ts";
import { rootKey } from "../keys/root-key.ts";
import { emptyTables } from "../setup/empty-tables.ts";
import { world as openWorld } from "../world.ts";

const TREE = [
  UNITS,
  "1,县,authority,,5134,,,,,",
  "12,乡,grassroots,1,,,,,,",
  "11,局,department,1,,,,,,",
  "121,厂,enterprise,12,,gas;hazchem,tank_farm,B,yes,",
  "122,店,enterprise,12,,,,,,",
];
const STAFF = [
  PEOPLE,
  "张三,1,official,zh-CN,13800000001,77,,,,,yes",
  "张三,11,deputy:principal,,138 0000 0001,,U012AB3CD,,,,",
  "李四,121,principal,en,,,,,,,yes",
  "王五,122,principal,,,,,,,lisi,",
  "王五,122,principal,,,,,,,lisi,",
];

describe.each(["postgres", "embedded"] as const)("an import into %s", (kind) => {
  let world: ImportWorld;
  beforeAll(async () => {
    world = await importWorld(kind);
  });
  afterEach(() => world.empty());
  afterAll(() => world.drop());

  const both = { "people.csv": STAFF, "units.csv": TREE };
  const none = { added: 0, changed: 0 };

  it("puts units and people on record, whatever the order of the files", async () => {
    expect(await world.import(both)).toEqual({
      kind: "imported",
      units: { added: 5, changed: 0, same: 0 },
      people: { added: 3, changed: 0, same: 0 },
      posts: { added: 4, same: 0, ended: 0 },
      unread: [],
      missing: { count: 0, some: [] },
      ended: { count: 0, some: [] },
      handedOver: [],
      excused: [],
    });
    const { units, people } = await world.onRecord();
    const plain = { industries: [], siteTypes: [], grade: null, watch: false, status: "active", division: null };
    expect(units).toEqual([
      { ...plain, code: "1", name: "县", kind: "authority", parent: null, division: "5134", lft: 1, rgt: 10, depth: 0 },
      { ...plain, code: "11", name: "局", kind: "department", parent: "1", lft: 2, rgt: 3, depth: 1 },
      { ...plain, code: "12", name: "乡", kind: "grassroots", parent: "1", lft: 4, rgt: 9, depth: 1 },
      {
        ...{ code: "121", name: "厂", kind: "enterprise", parent: "12", lft: 5, rgt: 6, depth: 2 },
        ...{ industries: ["gas", "hazchem"], siteTypes: ["tank_farm"], grade: "B", watch: true },
        ...{ status: "active", division: null },
      },
      { ...plain, code: "122", name: "店", kind: "enterprise", parent: "12", lft: 7, rgt: 8, depth: 2 },
    ]);
    const web = expect.stringMatching(/^web [\w-]{22}$/);
    expect(people).toEqual([
      {
        ...{ name: "张三", phone: "+8613800000001", locale: "zh-CN" },
        ...{ accounts: ["slack U012AB3CD", "telegram 77", web], posts: ["1 official", "11 deputy:principal"] },
      },
      { name: "李四", phone: null, locale: "en", accounts: [web], posts: ["121 principal"] },
      { name: "王五", phone: null, locale: null, accounts: ["wecom lisi"], posts: ["122 principal"] },
    ]);
    expect(await world.ledger()).toMatchObject([
      { kind: "imported", actor: "operator", how: "command", subject: { units: "5", people: "3" } },
    ]);
    expect(await world.db.stagedRow.count()).toBe(0);
    expect(await world.db.importRun.findMany()).toMatchObject([{ state: "applied" }]);
  });

  it("changes nothing when it comes again, in one piece or in two", async () => {
    await world.import(both);
    const before = await world.rows();
    expect(await world.import(both)).toMatchObject({
      units: { ...none, same: 5 },
      people: { ...none, same: 3 },
      posts: { added: 0, same: 4 },
    });
    await world.import({ "units.csv": TREE });
    await world.import({ "people.csv": [PEOPLE, ...STAFF.slice(1).reverse()] });
    expect(await world.rows()).toEqual(before);
    expect(await world.db.stagedRow.count()).toBe(0);
  });

  it("writes nothing when it is a dry run, and tells what it would do", async () => {
    const before = await world.rows();
    const dry = await world.import(both, { dryRun: true });
    expect(await world.rows()).toEqual(before);
    expect(await world.db.importRun.count()).toBe(0);
    expect(await world.import(both)).toEqual(dry);
  });

  it("updates what the files say otherwise and leaves what they do not say", async () => {
    await world.import(both);
    const uids = (await world.db.person.findMany({ orderBy: { id: "asc" } })).map(({ uid }) => uid);
    const [official] = (await world.onRecord()).people;
    const result = await world.import({
      "units.csv": ["code,name,kind,parent,grade", "121,新厂,enterprise,11,A"],
      "people.csv": [
        PEOPLE,
        "张叁,1,official,,13800000001,,,,,,yes",
        "李四,121,principal,,13800000002,,,,,,",
        "王五,1,worker,en,,,,,,lisi,",
      ],
    });
    expect(result).toMatchObject({
      units: { added: 0, changed: 1, same: 0 },
      people: { added: 0, changed: 3, same: 0 },
      posts: { added: 1, same: 2 },
    });
    const { units, people } = await world.onRecord();
    expect(units.map(({ code, parent, lft, rgt, depth }) => [code, parent, lft, rgt, depth])).toEqual([
      ["1", null, 1, 10, 0],
      ["11", "1", 2, 5, 1],
      ["121", "11", 3, 4, 2],
      ["12", "1", 6, 9, 1],
      ["122", "12", 7, 8, 2],
    ]);
    expect(units[2]).toMatchObject({ name: "新厂", grade: "A", watch: true, industries: ["gas", "hazchem"] });
    expect(people).toMatchObject([
      { name: "张叁", phone: "+8613800000001", locale: "zh-CN", accounts: official?.accounts },
      { name: "李四", phone: "+8613800000002", locale: "en", posts: ["121 principal"] },
      { name: "王五", locale: "en", accounts: ["wecom lisi"], posts: ["1 worker", "122 principal"] },
    ]);
    expect((await world.db.person.findMany({ orderBy: { id: "asc" } })).map(({ uid }) => uid)).toEqual(uids);
    expect((await world.ledger()).at(-1)).toMatchObject({ subject: { units: "1", people: "3" } });
  });

  it("lets a new root come above the old one, and two units change places", async () => {
    await world.import({ "units.csv": TREE });
    await world.import({ "units.csv": [UNITS, "1,县,authority,0,,,,,,", "0,州,authority,,,,,,,"] });
    expect((await world.onRecord()).units.map(({ code, depth }) => `${code} ${depth}`)).toEqual([
      "0 0",
      "1 1",
      "11 2",
      "12 2",
      "121 3",
      "122 3",
    ]);
    const swapped = [UNITS, "1,县,authority,,,,,,,", "0,州,authority,12,,,,,,", "122,店,enterprise,11,,,,,,"];
    expect(await world.import({ "units.csv": swapped })).toMatchObject({ units: { added: 0, changed: 3 } });
    expect((await world.onRecord()).units.map(({ code, parent }) => `${code}<${parent}`)).toEqual([
      "1<null",
      "11<1",
      "122<11",
      "12<1",
      "0<12",
      "121<12",
    ]);
  });

  it("refuses a second root beside the one on record, and a cycle with units on record", async () => {
    await world.import({ "units.csv": TREE });
    expect(inShort(await world.import({ "units.csv": [UNITS, "9,别县,authority,,,,,,,"] }))).toEqual([
      `units.csv:2 parent "" second-root`,
    ]);
    expect(inShort(await world.import({ "units.csv": [UNITS, "12,乡,grassroots,121,,,,,,"] }))).toEqual([
      `units.csv:2 parent "121" cycle`,
    ]);
  });

  it("refuses a row whose phone and account belong to different people on record", async () => {
    await world.import(both);
    expect(inShort(await world.import({ "people.csv": [PEOPLE, "张三,1,official,,13800000001,,,,,lisi,"] }))).toEqual([
      "people.csv:2 wecom two-on-record",
    ]);
  });

  it("finds people under the old key while keys rotate", async () => {
    await world.import(both);
    const rotating = openKeys(`${rootKey(2)},${rootKey(1)}`);
    expect(await world.import(both, { keys: rotating })).toMatchObject({ people: { ...none, same: 3 } });
  });

  it("hands over what is open when an office changes hands", async () => {
    await world.import(both);
    const office = openWorld(world.db);
    const number = await office.publish({ audience: "unit 121" });
    const staff = { "people.csv": [PEOPLE, "赵六,121,principal,,,,,,,,yes", "王五,122,principal,,,,,,,lisi,"] };
    expect(await world.import(staff, { complete: ["12"] })).toMatchObject({
      posts: { added: 1, ended: 1, same: 1 },
      handedOver: [{ notice: number, unit: "121", vacant: false }],
    });
    const cards = await world.db.delivery.findMany({
      where: { kind: "notice" },
      include: { person: { include: { posts: true } } },
    });
    expect(cards.map(({ state, person }) => [state, person.posts.length])).toEqual([["pending", 1]]);
    await emptyTables(world.pool, "notice");
  });

  it("tells of columns that it does not know", async () => {
    const result = await world.import({ "units.csv": ["code,name,kind,parent,colour", "1,县,authority,,red"] });
    expect(result).toMatchObject({ unread: [{ columns: ["colour"] }] });
  });
});
