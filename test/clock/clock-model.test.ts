import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Open, overPostgres } from "../scripted/open.ts";
import { freshPostgres } from "../setup/database.ts";
import { type ClockWorld, clockWorld } from "./clock-world.ts";
import { freshCounty } from "./fresh-county.ts";

let open: Open;
beforeAll(async () => {
  open = await overPostgres(await freshPostgres());
});
afterAll(() => open.close());

const SHOPS = ["一", "二", "三"] as const;
const FROM = new Date("2026-09-17T10:00+08:00");
const MOMENT = 60_000;

/** What the model knows: who has answered which notice, what is over, and the time. */
interface Model {
  now: number;
  serial: number;
  live: Set<string>;
  answered: Set<string>;
  excused: Set<string>;
}

interface Real {
  readonly world: ClockWorld;
  readonly recall: (number: string) => Promise<unknown>;
}

type Command = fc.AsyncCommand<Model, Real>;
const key = (number: string, shop: string) => `${number} ${shop}`;
const numbers = (model: Model) => [...model.live];

/** Nothing that was decided is decided again, and nobody who owes nothing is disturbed. */
const holds = async (model: Model, { world }: Real): Promise<void> => {
  const twice = await world.db.$queryRaw`
    SELECT "obligation_id", "step" FROM "rung" GROUP BY "obligation_id", "step", "generation" HAVING count(*) > 1`;
  expect(twice).toEqual([]);
  // No message left for somebody who had answered before it left; none of a notice that was over.
  const needless = await world.db.$queryRaw`
    SELECT d."id", d."kind" FROM "delivery" d JOIN "obligation" o ON o."notice_id" = d."notice_id" AND o."unit_id" = d."unit_id"
    JOIN "notice" n ON n."id" = o."notice_id"
    WHERE d."kind" IN ('reminder', 'deputy') AND d."ref" IS NOT NULL
      AND (o."fulfilled_at" < d."sent_at" OR n."ended_at" < d."sent_at")`;
  expect(needless).toEqual([]);
  const { calendar } = (await world.calendars())[0];
  const sent = await world.sent(
    ["notice", "reminder", "deputy", "above", "task", "digest"],
    "2026-09-01T00:00Z",
    "2027-12-31T00:00Z",
  );
  for (const { at, kind } of sent)
    expect({ kind, at, open: calendar.pushHours(at, 10 * MOMENT).open?.from }).toEqual({ kind, at, open: at });
  const audit = await world.stores.chase.audit(new Date(model.now));
  expect(audit).toMatchObject({ late: 0, stuck: 0, untold: 0 });
  const owed = await world.db.obligation.findMany({ where: { state: "open" }, include: { notice: true, unit: true } });
  const expected = numbers(model).flatMap((number) =>
    SHOPS.filter((shop) => !model.answered.has(key(number, shop)) && !model.excused.has(key(number, shop))).map(
      (shop) => key(number, shop),
    ),
  );
  expect(owed.map(({ notice, unit }) => key(notice.number, unit.code)).sort()).toEqual(expected.sort());
};

const command = (
  name: string,
  check: (model: Model) => boolean,
  run: (model: Model, real: Real) => Promise<void>,
): Command => ({
  check: (model) => check(model),
  async run(model, real) {
    await run(model, real);
    await holds(model, real);
  },
  toString: () => name,
});

const publish = fc.constantFrom("standard", "gentle", "none").map((reminders) =>
  command(
    `publish ${reminders}`,
    ({ live }) => live.size < 3,
    async (model, { world }) => {
      const number = `某办〔2026〕${++model.serial}号`;
      await world.publish({ number, audience: "kind enterprise", due: "6wh", ack: "read", reminders });
      model.live.add(number);
    },
  ),
);

const on = (name: string, run: (model: Model, real: Real, number: string, shop: string) => Promise<void>) =>
  fc.tuple(fc.nat(2), fc.constantFrom(...SHOPS)).map(([nth, shop]) =>
    command(
      `${name} ${nth} ${shop}`,
      ({ live }) => live.size > nth,
      (model, real) => run(model, real, numbers(model)[nth] ?? "", shop),
    ),
  );

const answer = on("answer", async (model, { world }, number, shop) => {
  await world.taps(`chat-${shop}`, number);
  if (!model.excused.has(key(number, shop))) model.answered.add(key(number, shop));
});

const excuse = on("excuse", async (model, { world }, number, shop) => {
  if (model.answered.has(key(number, shop))) return;
  await world.db.$executeRaw`
    UPDATE "obligation" o SET "state" = 'excused', "excuse" = 'unit-closed' FROM "unit" u, "notice" n
    WHERE u."id" = o."unit_id" AND n."id" = o."notice_id" AND u."code" = ${shop} AND n."number" = ${number} AND o."state" = 'open'`;
  model.excused.add(key(number, shop));
});

const recall = fc.nat(2).map((nth) =>
  command(
    `recall ${nth}`,
    ({ live }) => live.size > nth,
    async (model, real) => {
      const number = numbers(model)[nth] ?? "";
      await real.recall(number);
      model.live.delete(number);
    },
  ),
);

/** Lived through, or slept through. */
const pass = fc.tuple(fc.integer({ min: 1, max: 60 * 50 }), fc.boolean()).map(([minutes, asleep]) =>
  command(
    `${asleep ? "sleep" : "live"} ${minutes} min`,
    () => true,
    async (model, { world }) => {
      model.now += minutes * MOMENT;
      const to = new Date(model.now).toISOString();
      await (asleep ? world.leap(to) : world.until(to));
    },
  ),
);

/** Somebody looks at the same time, and dies in the middle of it: what they had begun is as if it had never been. */
const crash = fc.constant(
  command(
    "crash",
    () => true,
    async (_, { world }) => {
      await world.db
        .$transaction(
          async (tx) => {
            await tx.$executeRaw`SELECT 1 FROM "obligation" ORDER BY "id" FOR UPDATE`;
            await world.tick();
            throw new Error("died");
          },
          { timeout: 20_000 },
        )
        .catch(() => {});
      await world.tick();
    },
  ),
);

it("chases whoever owes and nobody else, once, in people's hours, whatever happens in whatever order", {
  timeout: 240_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.commands([publish, answer, answer, excuse, recall, pass, pass, pass, crash], { maxCommands: 25 }),
      async (commands) => {
        const people = await freshCounty(open.db, SHOPS);
        for (const shop of SHOPS) await people.person(shop, [`${shop}:principal`]);
        await people.person("副", ["一:deputy:principal"]);
        await fc.asyncModelRun(() => {
          const world = clockWorld(open.db, FROM.toISOString());
          return {
            model: {
              now: FROM.getTime(),
              serial: 0,
              live: new Set<string>(),
              answered: new Set<string>(),
              excused: new Set<string>(),
            },
            real: { world, recall: (number: string) => world.recall(number) },
          };
        }, commands);
      },
    ),
    { numRuns: 12 },
  );
});
