import fc from "fast-check";
import stringWidth from "string-width";
import { describe, expect, it } from "vitest";
import { bar, padded, padStart } from "../../src/cli/bar.ts";

const INK = { done: "█", proxy: "▓", overdue: "!", open: "░", cancelled: "·" } as const;
const count = (drawn: string, ink: string) => [...drawn].filter((letter) => letter === ink).length;
const shares = fc.record({
  done: fc.oneof(fc.nat({ max: 5 }), fc.nat({ max: 100_000 })),
  proxy: fc.oneof(fc.nat({ max: 5 }), fc.nat({ max: 100_000 })),
  overdue: fc.oneof(fc.nat({ max: 5 }), fc.nat({ max: 100_000 })),
  open: fc.oneof(fc.nat({ max: 5 }), fc.nat({ max: 100_000 })),
  cancelled: fc.oneof(fc.nat({ max: 5 }), fc.nat({ max: 100_000 })),
});

describe("a bar", () => {
  it("is exactly as wide as it should be, and nothing that is there vanishes or is made up", () => {
    fc.assert(
      fc.property(shares, fc.integer({ min: 10, max: 60 }), (parts, columns) => {
        const drawn = bar(parts, columns);
        expect([...drawn]).toHaveLength(columns);
        const total = Object.values(parts).reduce((sum, part) => sum + part, 0);
        if (total === 0) expect(drawn).toBe("·".repeat(columns));
        else
          for (const part of Object.keys(INK) as (keyof typeof INK)[])
            expect(count(drawn, INK[part]) > 0).toBe(parts[part] > 0);
      }),
      { numRuns: 500 },
    );
  });

  it("is true to a column for each part but the longest, in a fixed order", () => {
    fc.assert(
      fc.property(shares, fc.integer({ min: 20, max: 60 }), (parts, columns) => {
        const total = Object.values(parts).reduce((sum, part) => sum + part, 0);
        fc.pre(total > 0);
        const drawn = bar(parts, columns);
        expect(drawn).toMatch(/^█*▓*!*░*·*$/u);
        for (const part of Object.keys(INK) as (keyof typeof INK)[])
          expect(Math.abs(count(drawn, INK[part]) - (parts[part] / total) * columns)).toBeLessThanOrEqual(5);
      }),
    );
  });

  it.each([
    [{ done: 157, proxy: 0, overdue: 10, open: 0, cancelled: 0 }, 20, "███████████████████!"],
    [{ done: 1, proxy: 1, overdue: 1, open: 1, cancelled: 0 }, 4, "█▓!░"],
    [{ done: 100_000, proxy: 1, overdue: 1, open: 1, cancelled: 0 }, 10, "███████▓!░"],
    [{ done: 0, proxy: 0, overdue: 0, open: 3, cancelled: 0 }, 5, "░░░░░"],
    [{ done: 1, proxy: 0, overdue: 0, open: 0, cancelled: 3 }, 8, "██······"],
  ])("%j in %i columns is %s", (parts, columns, drawn) => {
    expect(bar(parts, columns)).toBe(drawn);
  });
});

describe("words filled up to a width", () => {
  it("take the columns that a terminal gives them, Chinese characters two", () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[a-z石桥镇·（）0-9 ]{0,12}$/u),
        fc.integer({ min: 0, max: 30 }),
        (words, columns) => {
          const width = Math.max(columns, stringWidth(words));
          expect([stringWidth(padded(words, columns)), stringWidth(padStart(words, columns))]).toEqual([width, width]);
          expect(padded(words, columns).startsWith(words)).toBe(true);
          expect(padStart(words, columns).endsWith(words)).toBe(true);
        },
      ),
    );
    expect(padded("石桥", 6)).toBe("石桥  ");
    expect(padStart("3/12", 6)).toBe("  3/12");
  });
});
