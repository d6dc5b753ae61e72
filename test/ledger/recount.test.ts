import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { EntryFacts } from "../../src/domain/entry-facts.ts";
import { idSet } from "../../src/domain/id-set.ts";
import { recount } from "../../src/domain/recount.ts";

const id = fc.oneof(fc.bigInt({ min: 1n, max: 9n }), fc.bigInt({ min: 1n, max: 2n ** 63n - 1n }));
const NUMBER = "某〔2026〕1号";

/** A notice that is not over. */
const STANDING = { cancelled: 0, ended: null } as const;

const entry = (kind: string, subject: Record<string, string>): EntryFacts => ({
  kind,
  id: "1",
  at: "2026-04-13T01:00:00.000Z",
  actor: "p1",
  subject: { notice: NUMBER, ...subject },
  contentHash: null,
  how: "tap",
});

const published = (obligations: number): EntryFacts => entry("published", { obligations: String(obligations) });

const change = fc
  .record({ what: fc.constantFrom("answer", "half-answer", "reopen", "still", "excuse"), id })
  .map(({ what, id: obligation }) => {
    const about = { obligation: String(obligation) };
    const entries: Record<string, EntryFacts> = {
      answer: entry("acknowledged", { ...about, fulfilled: "yes" }),
      "half-answer": entry("acknowledged-by-proxy", { ...about, fulfilled: "no" }),
      reopen: entry("taken-back", { ...about, reopened: "yes" }),
      still: entry("taken-back", { ...about, reopened: "no" }),
      excuse: entry("excused", { ...about, reason: "moved" }),
    };
    return { what, obligation, entry: entries[what] as EntryFacts };
  });

const ascending = (ids: Iterable<bigint>): bigint[] => [...ids].sort((one, other) => (one < other ? -1 : 1));

/** The set without those of the others that it holds, and with those that it does not. */
const toggled = (set: ReadonlySet<bigint>, others: readonly bigint[]): ReadonlySet<bigint> =>
  new Set([...set, ...others].filter((one) => set.has(one) !== others.includes(one)));

describe("a set of ids", () => {
  it("is what an ordinary set is, in order", () => {
    fc.assert(
      fc.property(fc.array(fc.record({ id, add: fc.boolean() })), (changes) => {
        const [set, model] = [idSet(), new Set<bigint>()];
        for (const { id: which, add } of changes) {
          set[add ? "add" : "delete"](which);
          model[add ? "add" : "delete"](which);
        }
        expect([...set.values()]).toEqual(ascending(model));
      }),
    );
  });
});

type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

/** What the changes come to, in the plainest way. */
const model = (changes: readonly Change[]) => {
  const [fulfilled, excused] = [new Set<bigint>(), new Set<bigint>()];
  for (const { what, obligation } of changes) {
    if (what === "answer") fulfilled.add(obligation);
    if (what === "reopen" || what === "excuse") fulfilled.delete(obligation);
    if (what === "excuse") excused.add(obligation);
  }
  return { fulfilled, obligations: 100 - excused.size };
};

const told = (changes: readonly Change[]) => {
  const counted = recount();
  counted.tell(published(100));
  for (const { entry: what } of changes) counted.tell(what);
  return counted;
};

describe("a recount", () => {
  const changes = fc.array(change, { maxLength: 30 });

  it("agrees with tables that hold the same, also when the latest entries are told again", () => {
    fc.assert(
      fc.property(changes, fc.boolean(), (some, again) => {
        const { fulfilled, obligations } = model(some);
        const counted = told(again ? [...some, ...some] : some);
        expect(
          counted.compare({ number: NUMBER, obligations, fulfilled: ascending(fulfilled), ...STANDING }),
        ).toBeNull();
      }),
    );
  });

  it("names the first obligation in which the tables differ, and on which side it is fulfilled", () => {
    fc.assert(
      fc.property(changes, fc.uniqueArray(id, { minLength: 1, maxLength: 3 }), (some, others) => {
        const { fulfilled, obligations } = model(some);
        const table = toggled(fulfilled, others);
        const [first = 0n] = ascending(others);
        const kind = fulfilled.has(first) ? "only-in-ledger" : "only-in-table";
        const account = { number: NUMBER, obligations, fulfilled: ascending(table), ...STANDING };
        expect(told(some).compare(account)).toEqual({ kind, obligation: first });
      }),
      { numRuns: 500 },
    );
  });

  it("tells a wrong number of obligations, and a notice it never heard of", () => {
    const counted = recount();
    counted.tell(published(3));
    expect(counted.compare({ number: NUMBER, obligations: 4, fulfilled: [], ...STANDING })).toEqual({
      kind: "obligations",
      ledger: 3,
      table: 4,
    });
    expect(counted.compare({ number: "other", obligations: 0, fulfilled: [], ...STANDING })).toEqual({
      kind: "no-publication",
    });
    expect(counted.notices()).toEqual([NUMBER]);
  });

  it("passes over what concerns no notice, and kinds that it does not know", () => {
    const counted = recount();
    counted.tell({ ...entry("imported", {}), subject: { units: "1" } });
    expect(counted.notices()).toEqual([]);
    counted.tell(published(1));
    counted.tell(entry("relayed", { by: "x" }));
    counted.tell(entry("acknowledged", { obligation: "not a number", fulfilled: "yes" }));
    expect(counted.compare({ number: NUMBER, obligations: 1, fulfilled: [], ...STANDING })).toBeNull();
  });
});
