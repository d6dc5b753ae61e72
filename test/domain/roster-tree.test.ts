import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { planTree, type StoredUnit } from "../../src/domain/roster-tree.ts";
import type { UnitRow } from "../../src/domain/roster-unit.ts";
import { cyclesIn, placeUnits } from "../../src/domain/tree-place.ts";
import { nestedTrees } from "./nested-trees.ts";

const row = (code: string, parent: string | null, line: number, facts: Partial<UnitRow["facts"]> = {}): UnitRow => ({
  ...{ at: { file: "u.csv", line }, code, parent },
  facts: { name: code, kind: "enterprise", ...facts },
});

const plan = (stored: readonly StoredUnit[], rows: readonly UnitRow[], broken: readonly string[] = []) => {
  const { problems, change } = planTree(stored, rows, new Set(broken));
  return {
    change,
    problems: problems.map(({ line, reason: { kind, values } }) => [line, kind, ...Object.values(values)]),
  };
};

/** What is stored once an import is done. */
const imported = (stored: readonly StoredUnit[], rows: readonly UnitRow[]): readonly StoredUnit[] => {
  const { change } = plan(stored, rows);
  const units = new Map(stored.map((unit) => [unit.code, unit]));
  for (const unit of [...(change?.moved ?? []), ...(change?.added ?? []), ...(change?.changed ?? [])])
    units.set(unit.code, unit);
  return [...units.values()];
};

describe("a plan for the tree", () => {
  it("adds what is new, changes what is different, and moves what stands elsewhere for it", () => {
    const stored = imported([], [row("1", null, 2), row("11", "1", 3), row("12", "1", 4, { grade: "B" })]);
    const { change, problems } = plan(stored, [
      row("110", "11", 2),
      row("12", "1", 3, { name: "x" }),
      row("1", null, 4),
    ]);
    expect(problems).toEqual([]);
    expect(change?.added).toMatchObject([{ code: "110", parent: "11", lft: 3, rgt: 4, depth: 2 }]);
    expect(change?.changed).toMatchObject([{ code: "12", name: "x", grade: "B", lft: 6, rgt: 7 }]);
    expect(change?.moved.map(({ code }) => code)).toEqual(["1", "11", "12"]);
    expect(change?.same).toBe(1);
  });

  it.each<[string, readonly UnitRow[], readonly string[], readonly unknown[]]>([
    [
      "two rows with one code",
      [row("1", null, 2), row("2", "1", 3), row("2", "1", 4)],
      [],
      [[4, "duplicate-code", "u.csv:3"]],
    ],
    [
      "two roots",
      [row("1", null, 2), row("2", null, 3), row("3", null, 4)],
      [],
      [
        [3, "second-root", "1"],
        [4, "second-root", "1"],
      ],
    ],
    ["an unknown parent", [row("1", null, 2), row("2", "x", 3)], [], [[3, "unknown-parent"]]],
    ["a parent whose own row is wrong, which is not blamed twice", [row("1", null, 2), row("2", "x", 3)], ["x"], []],
    ["a cycle", [row("1", null, 2), row("2", "3", 3), row("3", "2", 4)], [], [[3, "cycle", "2 → 3 → 2"]]],
    ["a cycle alone", [row("2", "2", 5)], [], [[5, "cycle", "2 → 2"]]],
    ["nothing but children", [row("2", "1", 2)], [], [[2, "unknown-parent"]]],
  ])("refuses %s", (_, rows, broken, problems) => {
    const planned = plan([], rows, broken);
    expect(planned).toEqual({ change: null, problems });
  });

  it("names no more of a long cycle than one can read", () => {
    const rows = Array.from({ length: 20 }, (_, at) => row(`u${at}`, `u${(at + 1) % 20}`, at + 2));
    expect(plan([], rows).problems).toEqual([[2, "cycle", "u0 → u1 → u2 → u3 → u4 → u5 → u6 → u7 → … → u0"]]);
  });

  it("comes to nothing when it is done", () => {
    fc.assert(
      fc.property(nestedTrees(12), nestedTrees(12), (first, second) => {
        const rows = (tree: typeof first) =>
          tree.map(({ parent }, at) => row(`u${at}`, parent === null ? null : `u${parent}`, at + 2));
        const stored = imported(imported([], rows(first)), rows(second));
        expect(plan(stored, rows(second)).change).toEqual({ added: [], changed: [], moved: [], same: second.length });
      }),
    );
  });
});

describe("places in a tree", () => {
  it("nest as the tree does, whatever the order of its units", () => {
    fc.assert(
      fc.property(
        nestedTrees(15).chain((tree) =>
          fc.tuple(fc.constant(tree), fc.shuffledSubarray([...tree.keys()], { minLength: tree.length })),
        ),
        ([tree, order]) => {
          // Codes in the order of the tree's own numbering, so that both count children alike.
          const code = (at: number): string => String.fromCharCode(97 + at);
          const branches = order.map((at) => {
            const parent = tree[at]?.parent ?? null;
            return { code: code(at), parent: parent === null ? null : code(parent) };
          });
          const places = placeUnits(branches);
          tree.forEach(({ lft, rgt, depth }, at) => {
            expect(places.get(code(at))).toEqual({ lft, rgt, depth });
          });
        },
      ),
    );
  });

  it("are found in a chain of 100,000 units", () => {
    const chain = Array.from({ length: 100_000 }, (_, at) => ({
      code: `u${at}`,
      parent: at === 0 ? null : `u${at - 1}`,
    }));
    expect(placeUnits(chain).get("u99999")).toEqual({ lft: 100_000, rgt: 100_001, depth: 99_999 });
    expect(cyclesIn(new Map(chain.map((unit) => [unit.code, unit])))).toEqual([]);
  });
});
