import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import type { Phrase } from "../../src/dialogue/phrase.ts";
import type { Coverage, UnitCount } from "../../src/domain/coverage.ts";
import type { Closing } from "../../src/domain/notice.ts";
import type { PostName } from "../../src/domain/post.ts";
import { entryBytes } from "../../src/ledger/entry-bytes.ts";
import type { Cell } from "../../src/ports/sheet.ts";
import { exportCoverage } from "../../src/services/export-coverage.ts";
import type { ExportParts } from "../../src/services/export-parts.ts";
import type { Db } from "../../src/store/client.ts";
import { exportStore } from "../../src/store/exports.ts";
import { nestedTrees } from "../domain/nested-trees.ts";
import { startOver } from "../setup/empty-tables.ts";
import type { World } from "../world.ts";
import { world } from "../world.ts";

const HOUR = 3_600_000;
const UNITS = 8;
const PEOPLE = 6;

type Step =
  | { readonly do: "acknowledge" | "take-back"; readonly person: number }
  | { readonly do: "proxy"; readonly person: number; readonly unit: number }
  | { readonly do: "travel"; readonly minutes: number }
  | { readonly do: "send"; readonly person: number; readonly state: string };

const person = fc.nat({ max: PEOPLE - 1 });
const steps = fc.array(
  fc.oneof<fc.Arbitrary<Step>[]>(
    fc.record({ do: fc.constant("acknowledge" as const), person }),
    fc.record({ do: fc.constantFrom("take-back" as const), person }),
    fc.record({ do: fc.constant("proxy" as const), person, unit: fc.nat({ max: UNITS - 1 }) }),
    fc.record({ do: fc.constant("travel" as const), minutes: fc.constantFrom(1, 1, 90, 300) }),
    fc.record({
      do: fc.constant("send" as const),
      person,
      state: fc.constantFrom("sent", "delivered", "seen", "in-doubt", "refused", "gone"),
    }),
  ),
  { minLength: 6, maxLength: 16 },
);

interface Story {
  readonly parents: readonly (number | null)[];
  readonly closed: readonly number[];
  readonly alone: readonly number[];
  readonly posts: readonly {
    readonly person: number;
    readonly unit: number;
    readonly post: PostName;
    readonly deputy: boolean;
  }[];
  readonly audience: string;
  readonly closing: Closing;
  readonly steps: readonly Step[];
}

const offices = fc.constantFrom<PostName>("principal", "official", "liaison", "worker");
const closing = fc.constantFrom<Closing>({ kind: "each-unit" }, { kind: "quorum", needed: 2 }, { kind: "everyone" });
const stories: fc.Arbitrary<Story> = fc
  .record({
    tree: nestedTrees(UNITS),
    closed: fc.array(fc.nat({ max: UNITS - 1 }), { maxLength: 2 }),
    alone: fc.array(person, { maxLength: 2 }),
    posts: fc.array(fc.record({ person, unit: fc.nat(), post: offices, deputy: fc.constantFrom(false, false, true) }), {
      minLength: 6,
      maxLength: 14,
    }),
    part: fc.nat(),
    named: fc.boolean(),
    closing,
    steps,
  })
  .map(({ tree, posts, part, named, closing: rule, ...rest }) => {
    const within = `within u${part % 3 === 0 ? part % tree.length : 0}`;
    return {
      ...rest,
      parents: tree.map(({ parent }) => parent),
      posts: posts.map((post) => ({ ...post, unit: post.unit % tree.length })),
      closing: rule,
      audience: named || rule.kind === "everyone" ? `${within} and (post official or post worker)` : within,
    };
  });

const build = async (db: Db, { parents, closed, alone, posts }: Story): Promise<World> => {
  await startOver(db, "unit", "person", "notice", "inbound");
  const here = world(db);
  await here.tree(
    parents.map((parent, at) => ({
      code: `u${at}`,
      ...(parent === null ? {} : { parent: `u${parent}` }),
      status: closed.includes(at) && at > 0 ? ("closed" as const) : ("active" as const),
    })),
  );
  for (let at = 0; at < PEOPLE; at += 1) {
    const held = posts.filter((post) => post.person === at);
    const names = held.map(({ unit, post, deputy }) => `u${unit}:${deputy ? "deputy:" : ""}${post}`);
    await here.person(`p${at}`, [...new Set(names)], { alone: alone.includes(at) });
  }
  return here;
};

/** What a dispatcher would write after an attempt. */
const settle = (db: Db, name: bigint, state: string, now: Date) => db.$executeRaw`
  UPDATE "delivery" SET "state" = ${state},
    "sent_at" = CASE WHEN ${state} IN ('sent', 'delivered', 'seen') THEN ${now}::timestamptz ELSE "sent_at" END,
    "delivered_at" = CASE WHEN ${state} = 'delivered' THEN ${now}::timestamptz ELSE "delivered_at" END,
    "doubt_at" = ${now}::timestamptz, "why" = 'blocked'
  WHERE "person_id" = ${name} AND "kind" = 'notice' AND "state" IN ('pending', 'in-doubt')`;

const take = async (db: Db, here: World, number: string, step: Step): Promise<void> => {
  if (step.do === "travel") return here.travel(step.minutes * 60_000);
  const id = BigInt(step.person + 1);
  if (step.do === "send") return void (await settle(db, id, step.state, here.clock.now()));
  const account = await db.account.count({ where: { personId: id } });
  if (account === 0) return;
  if (step.do === "proxy") {
    const code = `u${step.unit}`;
    if ((await db.obligation.count({ where: { unit: { code } } })) > 0)
      await here.answerFor(`p${step.person}`, code, number, "在外地");
    return;
  }
  if ((await db.delivery.count({ where: { personId: id, kind: "notice" } })) === 0) return;
  await (step.do === "acknowledge" ? here.acknowledge : here.takeBack)(`p${step.person}`, number);
};

interface Owed {
  readonly code: string;
  readonly state: string;
  readonly late: boolean;
  readonly proxy: boolean;
}

/** Every obligation as the tables have it, apart from the view that all figures come from. */
const owed = (db: Db) => db.$queryRaw<Owed[]>`
  SELECT u."code", o."state", coalesce(o."fulfilled_at" > o."due_at", FALSE) AS "late",
         EXISTS (SELECT FROM "answer" a WHERE a."obligation_id" = o."id" AND a."taken_back_at" IS NULL AND a."how" = 'proxy') AS "proxy"
  FROM "obligation" o JOIN "unit" u ON u."id" = o."unit_id"`;

const own = (rows: readonly Owed[], isOverdue: boolean): UnitCount => {
  const counted = rows.filter(({ state }) => state === "open" || state === "fulfilled");
  const isOpen = counted.some(({ state }) => state === "open");
  const total = counted.length > 0 ? 1 : 0;
  return {
    total,
    fulfilled: total && !isOpen ? 1 : 0,
    open: isOpen && !isOverdue ? 1 : 0,
    overdue: isOpen && isOverdue ? 1 : 0,
    excluded: total === 0 && rows.some(({ state }) => state === "excused") ? 1 : 0,
    cancelled: 0,
  };
};

const KEYS = ["total", "fulfilled", "open", "overdue", "excluded", "cancelled"] as const;
const pick = (count: UnitCount): UnitCount => Object.fromEntries(KEYS.map((key) => [key, count[key]])) as never;
const add = (counts: readonly UnitCount[]): UnitCount =>
  Object.fromEntries(KEYS.map((key) => [key, counts.reduce((sum, count) => sum + count[key], 0)])) as never;

const checkSums = (stands: Coverage, rows: readonly Owed[], isOverdue: boolean): void => {
  const { units } = stands;
  expect(stands.recipients).toBe(stands.queued + stands.sent + stands.inDoubt + stands.failed);
  expect(stands.unreachable).toBeLessThanOrEqual(stands.failed);
  expect(stands.delivered ?? 0).toBeLessThanOrEqual(stands.sent + stands.inDoubt + stands.failed);
  expect(units.total).toBe(units.fulfilled + units.open + units.overdue);
  expect(Math.max(stands.late, stands.byProxy)).toBeLessThanOrEqual(stands.acknowledged);
  const fulfilled = rows.filter(({ state }) => state === "fulfilled");
  const open = rows.filter(({ state }) => state === "open").length;
  expect(stands).toMatchObject({
    acknowledged: fulfilled.length,
    late: fulfilled.filter(({ late }) => late).length,
    overdue: isOverdue ? open : 0,
  });
  expect(stands.byProxy).toBeLessThanOrEqual(fulfilled.filter(({ proxy }) => proxy).length);
  const platforms = Object.values(stands.byPlatform);
  for (const key of ["sent", "failed"] as const)
    expect(platforms.reduce((sum, one) => sum + (one?.[key] ?? 0), 0)).toBeLessThanOrEqual(stands[key]);
};

const checkTree = async (
  here: World,
  number: string,
  story: Story,
  rows: readonly Owed[],
  now: Date,
): Promise<void> => {
  const stands = await here.stands(number);
  const isOverdue = stands.dueAt !== null && now > stands.dueAt;
  const groups = story.parents.map((_, at) =>
    own(
      rows.filter(({ code }) => code === `u${at}`),
      isOverdue,
    ),
  );
  const below = (at: number): readonly number[] => [
    at,
    ...story.parents.flatMap((parent, child) => (parent === at ? below(child) : [])),
  ];
  expect(stands.units).toEqual(add(groups));
  for (const [at] of story.parents.entries()) {
    const tree = await here.coverage.tree(number, `u${at}`, now);
    const [self, ...children] = tree ?? [];
    const whole = add(below(at).map((unit) => groups[unit] ?? add([])));
    // A unit of which, and of all below which, the notice says nothing is not in the tree.
    expect(pick(self ?? ({ ...add([]), code: "" } as never))).toEqual(whole);
    if (!self) continue;
    expect([self.code, self.depth]).toEqual([`u${at}`, 0]);
    expect(add([...children.map(pick), groups[at] ?? add([])])).toEqual(pick(self));
    expect(self.byProxy).toBeLessThanOrEqual(self.fulfilled);
    for (const child of children) {
      expect([child.depth, story.parents[Number(child.code.slice(1))]]).toEqual([1, at]);
      const [alone, ...further] = (await here.coverage.tree(number, child.code, now)) ?? [];
      expect({ ...alone, depth: 1 }).toEqual(child);
      expect(child.hasBelow).toBe(further.length > 0);
    }
    if (at === 0) expect(self.unreachable).toBe(stands.unreachable);
  }
};

/** The rows of the export add up to what `coverage` says, and count units as it does. */
const checkExport = async (db: Db, here: World, number: string): Promise<void> => {
  const parts = { exports: exportStore(db, here.keys, entryBytes), clock: here.clock, zone: "Asia/Shanghai" };
  const say = ({ key }: Phrase) => key.replace(/^.*\./, "");
  const leaving = await exportCoverage(parts as ExportParts, { number, under: null, pageSize: 3, say });
  if (leaving.kind !== "table") throw new Error(leaving.kind);
  const rows: Readonly<Record<string, Cell>>[] = [];
  for await (const page of leaving.pages)
    rows.push(...page.map((row) => Object.fromEntries(leaving.columns.map((column, at) => [column, row[at] ?? null]))));
  const sum = (column: string): number => rows.reduce((total, row) => total + Number(row[column]), 0);
  const units = (state: string): number => rows.filter((row) => row.state === state).length;
  const {
    recipients,
    queued,
    sent,
    inDoubt,
    failed,
    unreachable,
    acknowledged,
    late,
    byProxy,
    overdue,
    units: counted,
  } = await here.stands(number);
  expect({
    ...{ recipients: sum("recipients"), queued: sum("queued"), sent: sum("sent"), inDoubt: sum("in_doubt") },
    ...{ failed: sum("failed"), unreachable: sum("unreachable"), acknowledged: sum("fulfilled"), late: sum("late") },
    ...{ byProxy: sum("by_proxy"), overdue: sum("overdue") },
  }).toEqual({ recipients, queued, sent, inDoubt, failed, unreachable, acknowledged, late, byProxy, overdue });
  const { total, fulfilled, open, overdue: overdueUnits, excluded } = counted;
  expect([units("fulfilled"), units("open"), units("overdue"), units("excluded")]).toEqual([
    ...[fulfilled, open, overdueUnits, excluded],
  ]);
  expect([leaving.total, total]).toEqual([rows.length, fulfilled + open + overdueUnits]);
  // Whoever answered is named beside what they answered.
  for (const row of rows) expect(row.answered_by === null, JSON.stringify(row)).toBe(row.how === null);
  for (const row of rows.filter(({ state }) => state === "fulfilled")) expect(row.answered_by).not.toBeNull();
};

/** What every database must say about where a notice stands. */
export const coverageSuite = (database: () => Db, numRuns: number): void => {
  let db: Db;
  beforeAll(() => {
    db = database();
  });

  describe("where a notice stands", () => {
    it("adds up, whatever people do and whenever one asks", async () => {
      await fc.assert(
        fc.asyncProperty(stories, async (story) => {
          const here = await build(db, story);
          const number = await here.publish({ audience: story.audience, closing: story.closing }).catch((error) => {
            // Nobody holds the offices that the audience names.
            if (error.message === "nobody") return null;
            throw error;
          });
          if (number === null) return;
          for (const step of story.steps) await take(db, here, number, step);
          expect(here.log.entries).toEqual([]);
          const rows = await owed(db);
          const { dueAt } = await here.stands(number);
          checkSums(await here.stands(number), rows, dueAt !== null && here.clock.now() > dueAt);
          await checkTree(here, number, story, rows, here.clock.now());
          await checkExport(db, here, number);
          here.travel(100 * HOUR);
          checkSums(await here.stands(number), rows, true);
          await checkTree(here, number, story, rows, here.clock.now());
          await checkExport(db, here, number);
        }),
        { numRuns },
      );
    }, 120_000);

    describe("of one notice", () => {
      let here: World;
      let number: string;
      beforeAll(async () => {
        await startOver(db, "unit", "person", "notice", "inbound");
        here = world(db);
        await here.tree([
          { code: "root", kind: "authority" },
          { code: "town", parent: "root", kind: "authority" },
          { code: "shop", parent: "town" },
          { code: "mill", parent: "town" },
          { code: "else", parent: "root" },
        ]);
        await here.person("Zhou", ["shop:principal"]);
        await here.person("Wang", ["mill:principal"], { alone: true });
        number = await here.publish({ audience: "within town and kind enterprise" });
      });
      const codes = async (code: string | null) =>
        (await here.coverage.tree(number, code, here.clock.now()))?.map((one) => one.code);

      it("begins at the lowest unit that holds all who are concerned", async () => {
        expect(await codes(null)).toEqual(["town", "mill", "shop"]);
        expect(await codes("root")).toEqual(["root", "town"]);
        expect(await codes("shop")).toEqual(["shop"]);
        expect(await codes("else")).toEqual([]);
      });

      it("is nothing for a number or a code that nobody has", async () => {
        const now = here.clock.now();
        expect(await here.coverage.coverage("某办〔2026〕1号", now)).toBeNull();
        expect(await here.coverage.tree("某办〔2026〕1号", null, now)).toBeNull();
        expect(await here.coverage.tree(number, "nowhere", now)).toBeNull();
      });

      it("says when it was sent, and by what", async () => {
        await settle(db, 1n, "delivered", new Date(here.clock.now().getTime() + 12_340));
        const stands = await here.stands(number);
        expect(stands).toMatchObject({
          recipients: 2,
          unreachable: 1,
          byPlatform: { web: { recipients: 1, sent: 1, failed: 0 } },
        });
        expect(stands.lastMile).toEqual({ p50Seconds: 12.3, p95Seconds: 12.3 });
      });

      it.each([
        ["telegram", null],
        ["web", null],
        ["feishu", 1],
      ] as const)("counts receipts only where the platform gives any: %s", async (platform, delivered) => {
        await db.delivery.updateMany({ where: { personId: 1n, kind: "notice" }, data: { platform } });
        const stands = await here.stands(number);
        expect([stands.delivered, stands.byPlatform[platform]?.delivered]).toEqual([delivered, delivered]);
      });

      it("puts the worst first", async () => {
        await here.acknowledge("Zhou", number);
        expect(await codes("town")).toEqual(["town", "mill", "shop"]);
        await here.travel(60_000);
        await here.takeBack("Zhou", number);
        await db.obligation.updateMany({
          where: { unit: { code: "mill" } },
          data: { state: "fulfilled", fulfilledAt: here.clock.now(), fulfilledHow: "paper" },
        });
        expect(await codes("town")).toEqual(["town", "shop", "mill"]);
      });

      it("lists the latest notices first", async () => {
        const next = await here.publish({ audience: "all" });
        expect(await here.coverage.numbers(1)).toEqual([next]);
        expect(await here.coverage.numbers(5)).toEqual([next, number]);
      });
    });
  });
};
