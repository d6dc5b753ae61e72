import { afterAll, beforeAll, expect, it } from "vitest";
import { verify } from "../../src/services/verify.ts";
import { type SealedWorld, sealedWorld } from "../ledger/sealed-world.ts";
import { type World, world } from "../world.ts";

let sealed: SealedWorld;
let here: World;

beforeAll(async () => {
  sealed = await sealedWorld();
  here = world(sealed.db);
  await here.tree([
    { code: "county", kind: "authority" },
    { code: "town", parent: "county", kind: "authority" },
    { code: "shop", parent: "town" },
    { code: "mill", parent: "town" },
    { code: "shut", parent: "town", status: "closed" },
  ]);
  await here.person("Mayor", ["town:official"]);
  await here.person("Ana", ["shop:principal", "mill:safety_manager"]);
  await here.person("Ben", ["mill:principal"]);
  await here.person("Eve", ["shop:worker"]);
  await here.person("Eli", ["shop:worker", "mill:worker"]);
});
afterAll(() => sealed.drop());

it("agrees with the tables after everything that the service itself writes", async () => {
  const one = await here.publish({ audience: "within town" });
  const two = await here.publish({ audience: "within town and post worker", closing: { kind: "quorum", needed: 2 } });
  const three = await here.publish({ audience: "post worker", closing: { kind: "everyone" } });
  await here.publish({ audience: "within town", ack: "none" });
  await here.acknowledge("Ana", one);
  await here.takeBack("Ana", one);
  await here.acknowledge("Ana", one);
  await here.answerFor("Mayor", "mill", one, "by phone");
  for (const name of ["Eve", "Eli"]) await here.acknowledge(name, two);
  await here.takeBack("Eve", two);
  await here.acknowledge("Eli", three);
  expect(await verify(sealed.parts)).toMatchObject({ kind: "proven", entries: 0n, notices: 4 });
  await sealed.sealAll();
  expect(await verify(sealed.parts)).toMatchObject({ kind: "proven", unsealed: 0, notices: 4 });
  const owed = await sealed.db.obligation.groupBy({ by: ["state"], _count: true, orderBy: { state: "asc" } });
  expect(owed.map(({ state, _count }) => [state, _count])).toEqual([
    ["excused", 1],
    ["fulfilled", 5],
    ["open", 3],
  ]);
});

it("knows nobody by name", async () => {
  const entries = await sealed.db.ledgerEntry.findMany({ select: { body: true } });
  const told = entries.map(({ body }) => Buffer.from(body).toString("utf8")).join();
  expect(told).toContain('"unit":"shop"');
  for (const name of ["Mayor", "Ana", "Ben", "Eve", "Eli", "by phone"]) expect(told).not.toContain(name);
});
