import fc from "fast-check";
import { expect, it } from "vitest";
import { keepPace } from "../../src/domain/pace.ts";

/** Asks at these gaps (milliseconds) for so many each; the moments at which they went. */
const run = (perSecond: number, burst: number, asks: readonly (readonly [number, number])[]): readonly number[] => {
  let pace = { due: 0 };
  let now = 1_800_000_000_000;
  return asks.flatMap(([gap, want]) => {
    now += gap;
    const step = keepPace(pace, { perSecond, burst }, want, new Date(now));
    pace = step.pace;
    return Array.from({ length: step.granted }, () => now);
  });
};

const asks = fc.array(fc.tuple(fc.integer({ min: 0, max: 400 }), fc.integer({ min: 1, max: 60 })), { maxLength: 80 });

it("lets no more go in any second than the rate and one burst", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1_000 }), fc.integer({ min: 1, max: 30 }), asks, (rate, burst, all) => {
      const went = run(rate, burst, all);
      return went.every((at, from) => went.slice(from).filter((other) => other < at + 1_000).length <= rate + burst);
    }),
  );
});

it("loses nothing: whoever always asks when told gets the full rate", () => {
  let pace = { due: 0 };
  let now = 1_800_000_000_000;
  const end = now + 10_000;
  let went = 0;
  while (now < end) {
    const step = keepPace(pace, { perSecond: 28, burst: 1 }, 5, new Date(now));
    pace = step.pace;
    went += step.granted;
    now += step.granted > 0 ? 0 : Math.max(1, step.waitMs);
  }
  expect(went).toBeGreaterThanOrEqual(270);
  expect(went).toBeLessThanOrEqual(281);
});

it("saves nothing up beyond its burst", () => {
  expect(
    run(10, 3, [
      [0, 9],
      [3_600_000, 9],
      [0, 9],
    ]),
  ).toHaveLength(6);
});
