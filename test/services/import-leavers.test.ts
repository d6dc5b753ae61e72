import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { screenOf } from "../../src/dialogue/screens/of-delivery.ts";
import { parseMarkdown } from "../../src/files/markdown.ts";
import { openLedger } from "../../src/ledger/ledger.ts";
import { wording } from "../../src/locale/wording.ts";
import type { Imported } from "../../src/services/import-roster.ts";
import { seal } from "../../src/services/seal.ts";
import { verify } from "../../src/services/verify.ts";
import { deliveryStore } from "../../src/store/deliveries.ts";
import { ledgerStore } from "../../src/store/ledger-entries.ts";
import { AT, type ImportWorld, importWorld, PEOPLE, UNITS } from "../importing/import-world.ts";
import { newLedgerKey } from "../ledger/sealed-world.ts";
import { emptyTables } from "../setup/empty-tables.ts";
import { world as openWorld } from "../world.ts";

const TREE = [
  UNITS,
  "1,县,authority,,,,,,,",
  "12,乡,grassroots,1,,,,,,",
  "121,厂,enterprise,12,,,,,,",
  "122,店,enterprise,12,,,,,,",
];
type Row = readonly [name: string, unit: string, post: string];

/** Rows of people.csv with a phone of their own, so that they are the same person wherever they work. */
const staff = (rows: readonly Row[]): readonly string[] => [
  PEOPLE,
  ...rows.map(
    ([name, unit, post]) => `${name},${unit},${post},,138${String(name.charCodeAt(0)).padStart(8, "0")},,,,,,yes`,
  ),
];

describe("people who leave", () => {
  let world: ImportWorld;
  beforeAll(async () => {
    world = await importWorld("postgres");
  });
  afterEach(async () => {
    await emptyTables(world.pool, "notice", "ledger_entry", "ledger_head");
    await world.empty();
  });
  afterAll(() => world.drop());

  const begin = async (...rows: readonly Row[]) => {
    await world.import({ "units.csv": TREE, "people.csv": staff(rows) });
    return openWorld(world.db);
  };
  const then = async (how: { complete?: readonly string[]; dryRun?: boolean }, ...rows: readonly Row[]) => {
    const result = await world.import({ "people.csv": staff(rows) }, how);
    expect(result.kind).toBe("imported");
    return result as Imported;
  };
  const nameOf = async (person: bigint): Promise<string> => {
    const { uid, nameCell, key } = await world.db.person.findUniqueOrThrow({
      where: { id: person },
      include: { key: true },
    });
    return world.keys.person(uid, key?.wrapped ?? new Uint8Array()).open("person.name_cell", nameCell);
  };
  /** Who is asked for what a unit owes. */
  const asked = async (code: string): Promise<readonly string[]> => {
    const rows = await world.db.asked.findMany({ where: { obligation: { unit: { code }, state: "open" } } });
    const named = rows.map(
      async ({ personId, post, deputy }) => `${await nameOf(personId)} ${deputy ? "deputy:" : ""}${post}`,
    );
    return (await Promise.all(named)).sort();
  };
  /** Everybody's card, by name. */
  const cards = async (): Promise<ReadonlyMap<string, { readonly id: bigint; readonly state: string }>> => {
    const rows = await world.db.delivery.findMany({ where: { kind: "notice" } });
    const named = rows.map(async ({ id, personId, state }) => [await nameOf(personId), { id, state }] as const);
    return new Map(await Promise.all(named));
  };
  const proven = async (): Promise<void> => {
    const proving = {
      ledgerStore: ledgerStore(world.db),
      ledger: openLedger(newLedgerKey()),
      clock: world.parts.clock,
    };
    await seal(proving);
    expect(await verify(proving)).toMatchObject({ kind: "proven" });
  };
  const standing = async (name: string): Promise<string | null | undefined> => {
    const card = (await cards()).get(name);
    const store = deliveryStore(world.db, world.keys, { parse: parseMarkdown, wording, locale: "zh-CN" });
    const [view] = card ? await store.view([card.id as never], { now: AT, real: AT }) : [];
    const words = view && screenOf(view, AT);
    return words && `${words.standing?.words.key ?? "-"} ${words.buttons.length}`;
  };

  it("are listed and stay where nothing says that the file is complete", async () => {
    const office = await begin(["甲", "121", "principal"], ["乙", "122", "principal"], ["丁", "12", "official"]);
    await office.publish({ audience: "kind enterprise" });
    const { missing, ended, handedOver, posts } = await then({}, ["丙", "121", "worker"], ["丁", "122", "liaison"]);
    expect(missing).toEqual({
      count: 2,
      some: [
        { unit: "121", unitName: "厂", post: "principal", deputy: false, name: "甲" },
        { unit: "122", unitName: "店", post: "principal", deputy: false, name: "乙" },
      ],
    });
    expect([ended.count, posts.ended, handedOver]).toEqual([0, 0, []]);
    expect(await asked("121")).toEqual(["甲 principal"]);
  });

  it("end their offices where it does, and whoever holds the office now is asked and gets the card", async () => {
    const office = await begin(["甲", "121", "principal"], ["乙", "122", "principal"], ["丁", "12", "official"]);
    const number = await office.publish({ audience: "kind enterprise" });
    await world.pool.query(`UPDATE "delivery" SET "state" = 'sent', "sent_at" = now(), "ref" = 'r', "drawn_rev" = 1`);
    // 甲 leaves, 丙 follows; 乙 moves to the other unit and nobody follows.
    const rows = [
      ["丙", "121", "principal"],
      ["乙", "121", "liaison"],
      ["丁", "12", "official"],
    ] as const;
    const before = await world.rows();
    const trial = await then({ complete: ["12"], dryRun: true }, ...rows);
    expect(await world.rows()).toEqual(before);
    const done = await then({ complete: ["12"] }, ...rows);
    const counts = ({ posts, ended, handedOver }: Imported) => [
      posts,
      ended,
      handedOver.map(({ notice, unit, from, to, vacant }) => ({
        notice,
        unit,
        from: from.length,
        to: to.length,
        vacant,
      })),
    ];
    expect(counts(done)).toEqual(counts(trial));
    expect(counts(done)).toMatchObject([
      { added: 2, ended: 2, same: 1 },
      {
        count: 2,
        some: [
          { unit: "121", name: "甲" },
          { unit: "122", name: "乙" },
        ],
      },
      [
        { notice: number, unit: "121", from: 1, to: 1, vacant: false },
        { notice: number, unit: "122", from: 1, to: 0, vacant: true },
      ],
    ]);
    expect([await asked("121"), await asked("122")]).toEqual([["丙 principal"], []]);
    expect((await cards()).get("丙")).toMatchObject({ state: "pending" });
    expect([await standing("甲"), await standing("乙"), await standing("丙")]).toEqual([
      "card.released 0",
      "card.released 0",
      "- 1",
    ]);
    expect((await world.ledger()).slice(-2)).toMatchObject([
      { kind: "handed-over", subject: { unit: "121", to: done.handedOver[0]?.to.join() } },
      { kind: "handed-over", subject: { unit: "122", to: "" } },
    ]);
    expect(await office.stands(number)).toMatchObject({ recipients: 3, units: { total: 2, open: 2 } });
    // The vacancy is filled by a later file.
    const filled = await then({ complete: ["12"] }, ...rows, ["戊", "122", "deputy:principal"]);
    expect(filled.handedOver).toMatchObject([{ unit: "122", from: [], vacant: false }]);
    expect(await asked("122")).toEqual(["戊 deputy:principal"]);
    expect(await then({ complete: ["12"] }, ...rows, ["戊", "122", "deputy:principal"])).toMatchObject({
      posts: { added: 0, ended: 0 },
      handedOver: [],
    });
    await proven();
  });

  it("leave to whoever a notice would ask now: an office that is filled before its deputy, and themselves in another office", async () => {
    const office = await begin(
      ["甲", "121", "principal"],
      ["乙", "121", "deputy:principal"],
      ["丙", "121", "liaison"],
      ["丁", "122", "principal"],
    );
    const number = await office.publish({ audience: "kind enterprise" });
    const { handedOver } = await then(
      { complete: ["12"] },
      ["乙", "121", "deputy:principal"],
      ["丙", "121", "liaison"],
      ["丁", "122", "official"],
    );
    expect(handedOver.map(({ unit }) => unit)).toEqual(["121"]);
    expect([await asked("121"), await asked("122")]).toEqual([["丙 liaison"], ["丁 official"]]);
    // What had not left is not sent to 甲 any more.
    expect((await cards()).has("甲")).toBe(false);
    expect(await standing("丁")).toBe("- 1");
    expect(await office.stands(number)).toMatchObject({ recipients: 2 });
    await proven();
  });

  it("of an office that the audience names leave to all who hold it; answers that were given stand", async () => {
    const office = await begin(["甲", "12", "official"], ["乙", "12", "official"], ["丙", "12", "official"]);
    await office.publish({ audience: "post official", closing: { kind: "quorum", needed: 3 } });
    const [first] = await world.db.asked.findMany();
    const [obligation] = await world.db.obligation.findMany();
    if (!first || !obligation) throw new Error("nobody was asked");
    await world.db.answer.create({
      data: { obligationId: obligation.id, personId: first.personId, generation: 1, how: "tap", at: AT, late: false },
    });
    const { handedOver } = await then({ complete: ["1"] }, ["丁", "12", "official"], ["戊", "12", "official"]);
    expect(handedOver).toMatchObject([{ unit: "12", vacant: false }]);
    expect(handedOver[0]?.from).toHaveLength(2);
    expect(await asked("12")).toEqual(
      [`${await nameOf(first.personId)} official`, "丁 official", "戊 official"].sort(),
    );
  });

  it("take over one for one what was personal; what nobody follows in is excused and told", async () => {
    const office = await begin(["甲", "121", "worker"], ["乙", "121", "worker"], ["丙", "121", "worker"]);
    const number = await office.publish({ audience: "post worker", closing: { kind: "everyone" }, ack: "read" });
    const { handedOver, excused } = await then({ complete: ["121"] }, ["丙", "121", "worker"], ["丁", "121", "worker"]);
    expect(handedOver).toMatchObject([{ unit: "121", vacant: false }]);
    expect(excused).toMatchObject([{ notice: number, unit: "121", reason: "left" }]);
    expect(await asked("121")).toEqual(["丁 worker", "丙 worker"].sort());
    const units = (await office.stands(number)).units;
    expect(units).toMatchObject({ total: 1, open: 1 });
    await proven();
  });

  it("of a unit that is moved in the tree go on owing for it", async () => {
    const office = await begin(["甲", "121", "principal"]);
    const number = await office.publish({ audience: "kind enterprise and within 12" });
    await world.import({ "units.csv": [UNITS, "121,厂,enterprise,1,,,,,,"] });
    expect(await asked("121")).toEqual(["甲 principal"]);
    expect(await office.stands(number)).toMatchObject({ units: { total: 2, open: 2 } });
  });

  it("are not ended by a code that nobody knows, nor by a file of somewhere else", async () => {
    await begin(["甲", "121", "principal"], ["乙", "122", "principal"]);
    const file = { "people.csv": staff([["甲", "121", "principal"]]) };
    expect(await world.import(file, { complete: ["99"] })).toEqual({ kind: "unknown-scope", code: "99" });
    expect(await world.import(file, { complete: ["122"] })).toEqual({ kind: "nobody-in-scope", code: "122" });
    expect(await world.db.post.count()).toBe(2);
    expect(await world.db.importRun.count({ where: { state: "staging" } })).toBe(0);
  });
});
