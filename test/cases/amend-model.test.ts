import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openLedger } from "../../src/ledger/ledger.ts";
import { verify } from "../../src/services/verify.ts";
import { ledgerStore } from "../../src/store/ledger-entries.ts";
import { newLedgerKey } from "../ledger/sealed-world.ts";
import { type Open, overPostgres } from "../scripted/open.ts";
import { freshPostgres } from "../setup/database.ts";
import { startOver } from "../setup/empty-tables.ts";
import { type World, world } from "../world.ts";

const PEOPLE = ["Zhou", "Wang", "Dong"] as const;
const AUDIENCES = ["kind enterprise", "unit shop", "unit shop or unit mill", "unit dock"] as const;

const person = fc.constantFrom(...PEOPLE);
/** Which of the versions so far, the latest being 0. */
const version = fc.nat({ max: 2 });
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant("tap"), person, version }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("take-back"), person, version }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("send") }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("recall"), version, crash: fc.boolean() }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("supersede"),
      version,
      crash: fc.boolean(),
      audience: fc.constantFrom(...AUDIENCES),
      ack: fc.constantFrom("read", "undertake"),
      askAgain: fc.boolean(),
    }),
  },
);
type Step = typeof step extends fc.Arbitrary<infer One> ? One : never;

let base: Open;
beforeAll(async () => {
  base = await overPostgres(await freshPostgres());
});
afterAll(() => base.close());

const start = async (): Promise<World> => {
  await startOver(base.db, "unit", "person", "notice", "inbound", "ledger_inbox");
  const here = world(base.db);
  await here.tree([
    { code: "county", kind: "authority" },
    ...["shop", "mill", "dock"].map((code) => ({ code, parent: "county" })),
  ]);
  for (const [at, name] of PEOPLE.entries()) await here.person(name, [`${["shop", "mill", "dock"][at]}:principal`]);
  return here;
};

/** A process that dies in the middle of its transaction: the connection goes, and with it everything written so far. */
const crashing = async (work: () => Promise<unknown>): Promise<void> => {
  await base.db
    .$executeRaw`CREATE FUNCTION "dies"() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'dead'; END $$`;
  await base.db
    .$executeRaw`CREATE TRIGGER "dies" BEFORE INSERT ON "ledger_inbox" FOR EACH ROW EXECUTE FUNCTION "dies"()`;
  await work().catch(() => {});
  await base.db.$executeRaw`DROP FUNCTION "dies" CASCADE`;
};

const act = async (here: World, numbers: string[], what: Step): Promise<void> => {
  const number = "version" in what ? (numbers[numbers.length - 1 - what.version] ?? numbers[0] ?? "") : "";
  const maybe = (work: () => Promise<unknown>): Promise<unknown> =>
    "crash" in what && what.crash ? crashing(work) : work();
  if (what.do === "send") await here.sendAll();
  // Who was sent nothing has nothing to tap.
  else if ("person" in what)
    await (what.do === "tap" ? here.acknowledge : here.takeBack)(what.person, number).catch(() => {});
  else if ("audience" in what)
    await maybe(async () => {
      const ask = { audience: what.audience, ack: what.ack as "read" | "undertake", due: "8h" };
      numbers.push((await here.supersede(number, ask, what.askAgain)).number);
    }).catch((error: Error) => expect(error.message).toBe("old"));
  else await maybe(() => here.recall(number));
};

interface Over {
  readonly number: string;
  readonly rows: string;
}

/** What people owe and have answered under notices that are over: from then on, nothing of it may change. */
const over = () => base.db.$queryRaw<Over[]>`
  SELECT n."number", string_agg(concat_ws(' ', o."id", o."state", o."generation", o."fulfilled_at", a."id", a."taken_back_at"), ';'
                                ORDER BY o."id", a."id") AS "rows"
  FROM "notice" n JOIN "obligation" o ON o."notice_id" = n."id" LEFT JOIN "answer" a ON a."obligation_id" = o."id"
  WHERE n."state" <> 'published' GROUP BY n."number"`;

const broken = () => base.db.$queryRaw<{ what: string }[]>`
  SELECT 'open under a notice that is over' AS "what" FROM "obligation" o JOIN "notice" n ON n."id" = o."notice_id"
  WHERE n."state" <> 'published' AND o."state" = 'open'
  UNION ALL
  SELECT 'still to be sent' FROM "delivery" d JOIN "notice" n ON n."id" = d."notice_id"
  WHERE n."state" <> 'published' AND d."kind" = 'notice' AND d."state" IN ('pending', 'sending')
  UNION ALL
  SELECT 'told without having had it' FROM "delivery" d JOIN "delivery" c ON c."notice_id" = d."notice_id"
    AND c."person_id" = d."person_id" AND c."kind" = 'notice'
  WHERE d."kind" IN ('recalled', 'released') AND c."state" = 'stopped'
  UNION ALL
  SELECT 'two versions that stand' FROM (SELECT count(*) FROM "notice" WHERE "state" = 'published' HAVING count(*) > 1) two`;

it("nothing of an old generation happens, in whatever order people and the issuer act, and whatever is lost", async () => {
  const ledger = openLedger(newLedgerKey());
  const property = fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 12 }), async (steps) => {
    const here = await start();
    const numbers = [await here.publish({ audience: "kind enterprise" })];
    const ended = new Map<string, string>();
    for (const what of steps) {
      await act(here, numbers, what);
      expect(await broken()).toEqual([]);
      for (const { number, rows } of await over()) {
        if (!ended.has(number)) ended.set(number, rows);
        expect([number, rows]).toEqual([number, ended.get(number)]);
      }
    }
    for (const number of numbers) {
      const { recipients, queued, sent, inDoubt, failed, units } = await here.stands(number);
      expect(recipients).toBe(queued + sent + inDoubt + failed);
      expect(units.total).toBe(units.fulfilled + units.open + units.overdue);
    }
    const parts = { ledgerStore: ledgerStore(base.db), ledger, clock: here.clock };
    expect(await verify(parts)).toMatchObject({ kind: "proven", notices: numbers.length });
  });
  await fc.assert(property, { numRuns: 12 });
}, 120_000);
