import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { openLedger } from "../../src/ledger/ledger.ts";
import { importRoster } from "../../src/services/import-roster.ts";
import { seal } from "../../src/services/seal.ts";
import { verify } from "../../src/services/verify.ts";
import { ledgerStore } from "../../src/store/ledger-entries.ts";
import { AT, type ImportWorld, importWorld, inShort, PEOPLE, UNITS } from "../importing/import-world.ts";
import { newLedgerKey } from "../ledger/sealed-world.ts";
import { world as openWorld } from "../world.ts";

let world: ImportWorld;
beforeAll(async () => {
  world = await importWorld("postgres");
});
afterEach(() => world.empty());
afterAll(() => world.drop());

const TREE = [UNITS, "1,县,authority,,,,,,,", "11,厂,enterprise,1,,,,,,"];

/** Imports a tree and halts it once, in the phase of that name, until `go` is called. */
const halted = (phase: string, tree: readonly string[]) => {
  let go = (): void => {};
  let halt = (): void => {};
  const reached = new Promise<void>((resolve) => {
    halt = resolve;
  });
  const wait = new Promise<void>((resolve) => {
    go = resolve;
  });
  const units = world.parts.roster.units;
  const stage = world.parts.roster.stage;
  const pause = async (): Promise<void> => {
    halt();
    await wait;
  };
  const roster: typeof world.parts.roster = {
    ...world.parts.roster,
    units: async () => {
      if (phase === "reading") await pause();
      return units();
    },
    stage: async (...given) => {
      const staged = await stage(...given);
      if (phase === "staged") await pause();
      return staged;
    },
  };
  const files = [world.write("halted.csv", `${tree.join("\n")}\n`)];
  const result = importRoster({ ...world.parts, roster }, { files, dryRun: false, complete: [], progress: () => {} });
  return { reached, go, result };
};

it("a second import is told that one is under way, and comes through when it is done", async () => {
  const first = halted("reading", TREE);
  await first.reached;
  expect(await world.import({ "units.csv": TREE })).toEqual({ kind: "busy" });
  first.go();
  expect(await first.result).toMatchObject({ kind: "imported", units: { added: 2 } });
  expect(await world.import({ "units.csv": TREE })).toMatchObject({ kind: "imported", units: { same: 2 } });
});

it("a dry run does not wait for its turn, and nobody waits for it", async () => {
  const first = halted("staged", TREE);
  await first.reached;
  expect(await world.import({ "units.csv": TREE }, { dryRun: true })).toMatchObject({ units: { added: 2 } });
  first.go();
  expect(await first.result).toMatchObject({ kind: "imported" });
});

it("an import that gives no sign of life for fifteen seconds loses its turn, and then changes nothing", async () => {
  const first = halted("staged", TREE);
  await first.reached;
  world.travel(16_000);
  const other = [UNITS, "2,市,authority,,,,,,,"];
  expect(await world.import({ "units.csv": other })).toMatchObject({ kind: "imported", units: { added: 1 } });
  first.go();
  expect(await first.result).toEqual({ kind: "busy" });
  expect((await world.onRecord()).units.map(({ code }) => code)).toEqual(["2"]);
  expect(await world.db.stagedRow.count()).toBe(0);
});

it("of many imports at once each is done or told to wait, and the tree is whole", async () => {
  const results = await Promise.all(
    Array.from({ length: 6 }, (_, at) =>
      world.import({ [`units${at}.csv`]: [UNITS, "1,县,authority,,,,,,,", `1${at},厂,enterprise,1,,,,,,`] }),
    ),
  );
  const done = results.filter(({ kind }) => kind === "imported").length;
  expect(results.map(({ kind }) => kind).filter((kind) => kind !== "imported" && kind !== "busy")).toEqual([]);
  expect(done).toBeGreaterThan(0);
  expect(await world.db.unit.count()).toBe(done + 1);
});

it("a refused import gives its turn back at once", async () => {
  expect(inShort(await world.import({ "units.csv": [UNITS, "1,县,country,,,,,,,"] }))).toHaveLength(1);
  expect(await world.import({ "units.csv": TREE })).toMatchObject({ kind: "imported" });
});

it("a unit that is closed owes nothing any more: excused, told to the ledger, shown on the card", async () => {
  const people = [PEOPLE, "张三,11,principal,,,,,,,,", "李四,1,official,,,,,,,,"];
  await world.import({ "units.csv": TREE, "people.csv": people });
  const office = openWorld(world.db);
  await office.person("甲", ["11:principal"]);
  await office.person("乙", ["1:official"]);
  const number = await office.publish({
    audience: "all and post principal or all and post official",
    closing: { kind: "everyone" },
  });
  const owed = await world.db.obligation.findMany({ include: { unit: true } });
  const closed = [UNITS, "11,厂,enterprise,1,,,,,,closed"];
  expect(await world.import({ "units.csv": closed })).toMatchObject({ units: { changed: 1 } });
  const after = await world.db.obligation.findMany({ include: { unit: true }, orderBy: { id: "asc" } });
  expect(after.map(({ unit, state, excuse }) => `${unit.code} ${state} ${excuse}`).sort()).toEqual(
    owed.map(({ unit }) => (unit.code === "11" ? "11 excused unit-closed" : "1 open null")).sort(),
  );
  const excused = after.filter(({ state }) => state === "excused");
  expect(excused.length).toBeGreaterThan(0);
  const told = (await world.ledger()).slice(-excused.length - 1);
  expect(told.map(({ kind, subject }) => [kind, subject])).toEqual([
    ["imported", { units: "1", people: "0", ended: "0" }],
    ...excused.map(({ id }) => [
      "excused",
      { notice: number, obligation: String(id), unit: "11", reason: "unit-closed" },
    ]),
  ]);
  expect(told.every(({ at }) => at === AT.toISOString())).toBe(true);
  const ledger = openLedger(newLedgerKey());
  const proving = { ledgerStore: ledgerStore(world.db), ledger, clock: world.parts.clock };
  await seal(proving);
  expect(await verify(proving)).toMatchObject({ kind: "proven", notices: 1 });
  const cards = await world.db.delivery.findMany({ where: { kind: "notice" }, include: { unit: true } });
  expect(
    cards
      .filter(({ state }) => state === "pending")
      .map(({ unit, wantedRev }) => `${unit?.code} ${wantedRev}`)
      .sort(),
  ).toEqual(["1 1", "11 2"]);
});
