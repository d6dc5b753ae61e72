import fc from "fast-check";
import { expect, it } from "vitest";
import type { Dues, Flow, Slot } from "../../src/domain/pace.ts";
import { flowOf, lasts, reserve } from "../../src/domain/pace.ts";

const START = 1_800_000_000_000_000;

const granted = (slots: readonly Slot[]): readonly number[] =>
  slots.flatMap((slot) => (slot.kind === "granted" ? [slot.micros] : []));

const flow = (count: number, burst: number): Flow => flowOf("all", { count, seconds: 1, burst });

/** Asks at these gaps (microseconds) for so many each; the moments at which they went. */
const run = (common: Flow, asks: readonly (readonly [number, number])[], own: readonly Flow[] = []) => {
  const dues = new Map<string, number>();
  let now = START;
  return asks.flatMap(([gap, want]) => {
    now += gap;
    const ask = {
      common,
      own: Array.from({ length: want }, () => own),
      lead: 0,
      ahead: 100_000,
      behind: null,
      holds: null,
    };
    const found = reserve(dues, ask, now);
    for (const [name, due] of found.dues) dues.set(name, due);
    return granted(found.slots).map((micros) => now + micros);
  });
};

const asks = fc.array(fc.tuple(fc.integer({ min: 0, max: 400_000 }), fc.integer({ min: 1, max: 60 })), {
  maxLength: 60,
});
const busiest = (went: readonly number[], window: number): number =>
  Math.max(0, ...went.map((at, from) => went.slice(from).filter((other) => other < at + window).length));

it("lets no more go in any second than the rate and one burst", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1_000 }), fc.integer({ min: 1, max: 30 }), asks, (rate, burst, all) => {
      expect(busiest(run(flow(rate, burst), all), 1_000_000)).toBeLessThanOrEqual(rate + burst);
    }),
    { numRuns: 50 },
  );
});

it("keeps every flow that a message belongs to, each in its own time", () => {
  const group = flowOf("group", { count: 19, seconds: 60, burst: 1 });
  const often = Array.from({ length: 600 }, () => [200_000, 3] as const);
  expect(busiest(run(flow(28.5, 1), often, [group]), 60_000_000)).toBe(19);
});

it("loses nothing: whoever asks in time gets the full rate, and it takes as long as is said beforehand", () => {
  const common = flow(28.5, 1);
  const went = run(
    common,
    Array.from({ length: 200 }, () => [50_000, 10] as const),
  );
  expect(went).toHaveLength(287);
  expect((went.at(-1) ?? 0) - (went[0] ?? 0)).toBe(lasts(went.length - 1, common));
});

it("lets a chat that has to wait hold up nobody else", () => {
  const chat = flowOf("chat", { count: 1, seconds: 1, burst: 1 });
  const ask = { common: flow(30, 1), own: [[chat], [chat], []], lead: 0, ahead: 100_000, behind: null, holds: null };
  const { slots } = reserve(new Map(), ask, START);
  expect(slots.map(({ kind }) => kind)).toEqual(["granted", "wait", "granted"]);
  expect(slots[1]).toEqual({ kind: "wait", scope: "own", micros: 1_000_000 });
});

it("lets nothing go that stands behind a warning, until that has passed", () => {
  const dues: Dues = reserve(
    new Map(),
    { common: flow(30, 1), own: [[]], lead: 0, ahead: 0, behind: null, holds: { name: "urgent", micros: 500_000 } },
    START,
  ).dues;
  const ask = { common: flow(30, 1), own: [[]], lead: 0, ahead: 100_000, behind: "urgent", holds: null };
  expect(reserve(dues, ask, START + 100_000).slots).toEqual([{ kind: "wait", scope: "common", micros: 400_000 }]);
  expect(granted(reserve(dues, ask, START + 500_000).slots)).toEqual([0]);
});

it("saves nothing up beyond its burst", () => {
  const hour = 3_600_000_000;
  expect(
    run(flow(10, 3), [
      [0, 9],
      [hour, 9],
      [0, 9],
    ]),
  ).toHaveLength(8);
});
