import type { Db } from "../../src/store/client.ts";
import { emptyTables } from "../setup/empty-tables.ts";
import { world } from "../world.ts";

const TABLES = [
  ...[
    "unit",
    "person",
    "notice",
    "inbound",
    "ledger_inbox",
    "clock_turn",
    "plan",
    "plan_step",
    "rung",
    "task",
    "leave",
  ],
  ...["calendar_day", "calendar_unit"],
];

/** Nothing of what was before, and a county with one town, whose officials are 赵 and 李, and these enterprises. */
export const freshCounty = async (db: Db, enterprises: readonly string[]): Promise<ReturnType<typeof world>> => {
  await emptyTables(db, ...TABLES);
  const people = world(db);
  await people.tree([
    { code: "county", kind: "authority" },
    { code: "town", parent: "county", kind: "grassroots" },
    ...enterprises.map((code) => ({ code, parent: "town" })),
  ]);
  await people.person("赵", ["county:official"]);
  await people.person("李", ["town:official"]);
  return people;
};
