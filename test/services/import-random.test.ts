import fc from "fast-check";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { type ImportWorld, importWorld, PEOPLE, UNITS } from "../importing/import-world.ts";

let world: ImportWorld;
beforeAll(async () => {
  world = await importWorld("postgres");
});
afterEach(() => world.empty());
afterAll(() => world.drop());

/** Rows of a tree of up to `most` units, in any order; each hangs under one with a smaller number. */
const trees = (most: number): fc.Arbitrary<readonly string[]> =>
  fc
    .array(
      fc.record({ parent: fc.nat(), name: fc.constantFrom("甲", "乙", "丙"), watch: fc.constantFrom("yes", "no") }),
      {
        maxLength: most - 1,
      },
    )
    .chain((below) => {
      const rows = below.map(
        ({ parent, name, watch }, at) => `u${at + 1},${name},enterprise,u${parent % (at + 1)},,,,,${watch},`,
      );
      const all = ["u0,根,authority,,,,,,,", ...rows];
      return fc.shuffledSubarray(all, { minLength: all.length });
    });

/** People with or without a phone, an account, the web chat, in any of the first units. */
const people = fc.array(
  fc.record({
    name: fc.constantFrom("张三", "李四", "O'Neill", '"引" 号', "Ａ,B"),
    unit: fc.nat(1),
    post: fc.constantFrom("principal", "deputy:principal", "worker"),
    mark: fc.option(fc.nat(9), { nil: null }),
    web: fc.constantFrom("yes", ""),
  }),
  { maxLength: 12 },
);

const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;

/** Each name has phones of its own, so that nothing in the file contradicts itself. */
const phone = (name: string, mark: number | null): string =>
  mark === null ? "" : `1380000${name.codePointAt(0)?.toString().padStart(5, "0").slice(-3)}${mark}`;

it("an import makes a nested set of any tree, on top of any other, and coming again it changes nothing", async () => {
  let imported = 0;
  await fc.assert(
    fc.asyncProperty(trees(12), trees(12), people, async (first, second, crowd) => {
      await world.empty();
      await world.import({ "units.csv": [UNITS, ...first] });
      const tables = {
        "units.csv": [UNITS, ...second],
        "people.csv": [
          PEOPLE,
          ...crowd.map(
            ({ name, unit, post, mark, web }) =>
              `${quoted(name)},u${Math.min(unit, second.length - 1)},${post},,${phone(name, mark)},,,,,,${web}`,
          ),
        ],
      };
      const dry = await world.import(tables, { dryRun: true });
      const done = await world.import(tables);
      expect(done).toEqual(dry);
      const { units } = await world.onRecord();
      expect(units.flatMap(({ lft, rgt }) => [lft, rgt]).sort((a, b) => a - b)).toEqual(
        units.flatMap((_, at) => [at * 2 + 1, at * 2 + 2]),
      );
      for (const { parent, lft, rgt, depth } of units) {
        const above = units.find(({ code }) => code === parent);
        expect(
          above === undefined ? depth === 0 : above.lft < lft && rgt < above.rgt && depth === above.depth + 1,
        ).toBe(true);
      }
      if (done.kind !== "imported") return;
      imported += 1;
      const before = await world.rows();
      expect(await world.import(tables)).toMatchObject({
        units: { added: 0, changed: 0, same: second.length },
        people: { added: 0, changed: 0 },
        posts: { added: 0 },
      });
      expect(await world.rows()).toEqual(before);
    }),
    { numRuns: 20 },
  );
  expect(imported).toBeGreaterThan(10);
}, 120_000);
