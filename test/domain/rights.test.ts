import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { PostName } from "../../src/domain/post.ts";
import { POSTS } from "../../src/domain/post.ts";
import type { Deed, PlacedPost, Relation } from "../../src/domain/rights.ts";
import { answersFor, may, RELATIONS, RIGHTS, relationTo } from "../../src/domain/rights.ts";
import { nestedTrees } from "./nested-trees.ts";

describe("who may do what", () => {
  const table: readonly (readonly [Relation, Deed, boolean])[] = [
    ["self", "acknowledge", true],
    ["self", "take-back", true],
    ["self", "answer-for", false],
    ["colleague", "acknowledge", false],
    ["colleague", "take-back", false],
    ["colleague", "answer-for", true],
    ["deputy", "acknowledge", false],
    ["deputy", "take-back", false],
    ["deputy", "answer-for", true],
    ["above", "acknowledge", false],
    ["above", "take-back", false],
    ["above", "answer-for", true],
    ["none", "acknowledge", false],
    ["none", "take-back", false],
    ["none", "answer-for", false],
  ];

  it.each(table)("%s · %s · %s", (relation, deed, allowed) => {
    expect(may(relation, deed)).toBe(allowed);
  });

  it("has no other cell", () => {
    const cells = Object.entries(RIGHTS).flatMap(([relation, deeds]) =>
      Object.keys(deeds).map((deed) => `${relation} ${deed}`),
    );
    expect(cells.sort()).toEqual(table.map(([relation, deed]) => `${relation} ${deed}`).sort());
    expect(Object.keys(RIGHTS)).toEqual([...RELATIONS]);
  });
});

/** county 1–10 over town 2–7 (shop 3–4, mill 5–6) and a town beside it 8–9. */
const county = { lft: 1, rgt: 10 };
const town = { lft: 2, rgt: 7 };
const shop = { lft: 3, rgt: 4 };
const mill = { lft: 5, rgt: 6 };
const beside = { lft: 8, rgt: 9 };
const held = (post: PostName, at: { lft: number; rgt: number }, deputy = false): PlacedPost => ({
  post,
  deputy,
  ...at,
});

describe("how a person stands to what a unit owes", () => {
  const answering = ["principal", "official", "safety_manager", "liaison"];

  it.each(POSTS.map((post) => [post, answering.includes(post)] as const))(
    "%s in the unit itself answers for it: %s",
    (post, answers) => {
      expect(relationTo(shop, false, [held(post, shop)])).toBe(answers ? "colleague" : "none");
      expect(relationTo(shop, false, [held(post, shop, true)])).toBe(answers ? "deputy" : "none");
    },
  );

  it.each(POSTS.map((post) => [post, post === "principal" || post === "official"] as const))(
    "%s in a unit above answers for it: %s",
    (post, answers) => {
      for (const unit of [town, county])
        for (const deputy of [false, true])
          expect(relationTo(shop, false, [held(post, unit, deputy)])).toBe(answers ? "above" : "none");
    },
  );

  it("counts no office beside or below", () => {
    const elsewhere = POSTS.flatMap((post) => [held(post, mill), held(post, beside), held(post, beside, true)]);
    expect(relationTo(shop, false, elsewhere)).toBe("none");
    expect(relationTo(town, false, [held("principal", shop), held("official", mill)])).toBe("none");
    expect(relationTo(shop, false, [])).toBe("none");
  });

  it("takes the strongest of several", () => {
    const above = held("official", county);
    const deputy = held("liaison", shop, true);
    const colleague = held("safety_manager", shop);
    expect(relationTo(shop, false, [above, deputy])).toBe("deputy");
    expect(relationTo(shop, false, [above, deputy, colleague])).toBe("colleague");
    expect(relationTo(shop, true, [above, deputy, colleague])).toBe("self");
    expect(relationTo(shop, true, [])).toBe("self");
  });
});

describe("the units that an office answers for", () => {
  it.each([
    [held("principal", town), { from: 2, to: 7 }],
    [held("official", town, true), { from: 2, to: 7 }],
    [held("safety_manager", town), { from: 2, to: 2 }],
    [held("liaison", town, true), { from: 2, to: 2 }],
    [held("worker", town), null],
    [held("auditor", county), null],
  ])("%j: %j", (post, span) => {
    expect(answersFor(post)).toEqual(span);
  });

  it("are those to which it relates, on any tree", () => {
    fc.assert(
      fc.property(
        nestedTrees(12),
        fc.array(fc.tuple(fc.constantFrom(...POSTS), fc.boolean(), fc.nat()), { maxLength: 4 }),
        (units, offices) => {
          const posts = offices.map(([post, deputy, at]) => held(post, units[at % units.length] ?? county, deputy));
          const spans = posts.map(answersFor).filter((span) => span !== null);
          for (const unit of units) {
            const reached = spans.some(({ from, to }) => from <= unit.lft && unit.lft <= to);
            expect(may(relationTo(unit, false, posts), "answer-for")).toBe(reached);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
