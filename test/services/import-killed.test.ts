import { fork } from "node:child_process";
import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ImportWorld, importWorld, PEOPLE, UNITS } from "../importing/import-world.ts";
import { rootKey } from "../keys/root-key.ts";
import { compiled } from "../setup/ask.ts";

const PROGRAM = await compiled("test/importing/import-process.ts");
const CROWD = 1500;

let world: ImportWorld;
beforeAll(async () => {
  world = await importWorld("postgres");
  await world.import({
    "units.csv": [UNITS, "1,县,authority,,,,,,,"],
    "people.csv": [PEOPLE, "张三,1,official,,13800000001,,,,,,yes"],
  });
});
afterAll(() => world.drop());

const UNITS_NOW = [UNITS, "1,新县,authority,,,,,,,", "11,厂,enterprise,1,,,,,,"];
const PEOPLE_NOW = [
  PEOPLE,
  "张三,1,official,en,13800000001,,,,,,yes",
  ...Array.from({ length: CROWD }, (_, at) => `人${at},11,worker,,,${1000 + at},,,,,yes`),
];

/** Starts an import that stops at this point, and kills it there. */
const killAt = async (point: "staged" | "applying"): Promise<void> => {
  const files = [world.write("units.csv", UNITS_NOW.join("\n")), world.write("people.csv", PEOPLE_NOW.join("\n"))];
  const child = fork(PROGRAM, [world.url, rootKey(1), String(world.ahead()), point, ...files], { execArgv: [] });
  const gone = once(child, "exit");
  await Promise.race([once(child, "message"), gone]);
  child.kill("SIGKILL");
  expect(await gone).toEqual([null, "SIGKILL"]);
};

/** The server has noticed that the client is gone, and given up what it had begun. */
const settled = async (): Promise<void> => {
  for (;;) {
    const { rows } = await world.pool.query(
      `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND state LIKE '%in transaction%'`,
    );
    if (rows.length === 0) return;
  }
};

describe.each(["staged", "applying"] as const)("an import that is killed when it has %s", (point) => {
  it("has changed nothing, and within fifteen seconds the next one does it all", async () => {
    const before = await world.rows();
    await killAt(point);
    await settled();
    expect(await world.rows()).toEqual(before);
    expect(await world.db.stagedRow.count()).toBeGreaterThan(0);
    const again = { "units.csv": UNITS_NOW, "people.csv": PEOPLE_NOW };
    expect(await world.import(again)).toEqual({ kind: "busy" });
    world.travel(16_000);
    expect(await world.import(again, { dryRun: true })).toMatchObject({
      units: { added: 1, changed: 1 },
      people: { added: CROWD, changed: 1 },
    });
  });
});

it("the next import brings everything on record once and leaves nothing over", async () => {
  world.travel(16_000);
  const result = await world.import({ "units.csv": UNITS_NOW, "people.csv": PEOPLE_NOW });
  expect(result).toMatchObject({ kind: "imported", people: { added: CROWD, changed: 1 } });
  expect(await world.db.person.count()).toBe(CROWD + 1);
  expect(await world.db.account.count()).toBe(CROWD * 2 + 1);
  expect(await world.db.stagedRow.count()).toBe(0);
  expect(await world.db.importRun.count({ where: { state: "staging" } })).toBe(0);
});
