import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import type { SendOutcome } from "../../src/domain/delivery.ts";
import type { DeliveryId } from "../../src/domain/ids.ts";
import { settle } from "../../src/domain/settle.ts";
import type { ClaimedDelivery } from "../../src/ports/store/delivery-store.ts";
import type { Recipient } from "../scripted/office.ts";
import { type Open, overPostgres } from "../scripted/open.ts";
import { type Parts, parts } from "../scripted/parts.ts";
import { freshPostgres } from "../setup/database.ts";
import { emptyTables } from "../setup/empty-tables.ts";

const PLATFORM = "scripted-telegram";
const LEASE_MS = 4_000;
const MINUTE = 60_000;

let base: Open;
let all: Parts;
let people: readonly Recipient[];

beforeAll(async () => {
  base = await overPostgres(await freshPostgres());
  all = parts(base.db);
  people = await all.office.people(PLATFORM, ["1", "2", "3", "4"]);
});
afterAll(() => base.close());
beforeEach(() => emptyTables(base.db, "delivery", "platform_pause"));

type Work =
  | { readonly do: "claim"; readonly worker: number; readonly stream: "urgent" | "redraw" }
  | { readonly do: "begin"; readonly worker: number }
  | { readonly do: "crash"; readonly worker: number }
  | { readonly do: "settle"; readonly worker: number; readonly outcome: SendOutcome | null };

type Step =
  | Work
  | { readonly do: "pass"; readonly ms: number }
  | { readonly do: "sweep" }
  | { readonly do: "answer" | "change"; readonly row: number };

const worker = fc.integer({ min: 0, max: 2 });
const outcome = fc.constantFrom<SendOutcome | null>(
  { kind: "sent", ref: "m" },
  { kind: "sent", ref: "m" },
  { kind: "in-doubt" },
  { kind: "later", ms: 500, scope: "chat" },
  { kind: "later", ms: 500, scope: "bot" },
  { kind: "gone", why: "blocked" },
  { kind: "refused", why: "no" },
  null,
);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    do: fc.constant("claim" as const),
    worker,
    stream: fc.constantFrom("urgent" as const, "redraw" as const),
  }),
  fc.record({ do: fc.constant("begin" as const), worker }),
  fc.record({ do: fc.constant("begin" as const), worker }),
  fc.record({ do: fc.constant("crash" as const), worker }),
  fc.record({ do: fc.constant("settle" as const), worker, outcome }),
  fc.record({ do: fc.constant("sweep" as const) }),
  fc.record({ do: fc.constant("pass" as const), ms: fc.constantFrom(600, 2_500, LEASE_MS + 100, 11 * MINUTE) }),
  fc.record({ do: fc.constant("sweep" as const) }),
  fc.record({ do: fc.constantFrom("answer" as const, "change" as const), row: fc.integer({ min: 0, max: 3 }) }),
);

/** Plays the steps against the real store; counts how often each message may have left, and why it may have left again. */
const play = (ids: readonly DeliveryId[], start: Date) => {
  let now = start;
  let serial = 0;
  const held: ClaimedDelivery[][] = [[], [], []];
  const begun: ClaimedDelivery[][] = [[], [], []];
  const left = new Map<bigint, number>();
  const excuses = new Map<bigint, number>();
  const more = (counts: Map<bigint, number>, id: bigint) => counts.set(id, (counts.get(id) ?? 0) + 1);
  const times = () => ({ now, real: now });

  const run = async (given: Step): Promise<void> => {
    if (given.do === "pass") now = new Date(now.getTime() + given.ms);
    else if (given.do === "sweep") await all.deliveries.sweep([], times());
    else if ("row" in given) await touch(given.do, ids[given.row] as DeliveryId);
    else await work(given);
  };
  const touch = async (what: "answer" | "change", id: DeliveryId): Promise<void> => {
    if (what === "answer") {
      await base.db.$executeRaw`
        UPDATE "delivery" SET "state" = 'seen', "sent_at" = coalesce("sent_at", ${now}::timestamptz), "seen_at" = ${now}::timestamptz,
          "ref" = coalesce("ref", 'm')
        WHERE "id" = ${id} AND "begun_at" IS NOT NULL AND "state" IN ('sending', 'in-doubt', 'sent', 'delivered')`;
    }
    await base.db.$executeRaw`UPDATE "delivery" SET "wanted_rev" = "wanted_rev" + 1 WHERE "id" = ${id}`;
  };
  const drop = (at: number): void => {
    held[at] = [];
    begun[at] = [];
  };
  const claim = async (at: number, stream: "urgent" | "redraw"): Promise<void> => {
    const lease = { id: `l${++serial}`, until: new Date(now.getTime() + LEASE_MS) };
    held[at]?.push(...(await all.deliveries.claim({ platform: PLATFORM, stream, limit: 2, lease }, times())));
    held[at]?.push(...(await all.deliveries.claimSuspects(PLATFORM, lease, times())));
  };
  const begin = async (at: number): Promise<void> => {
    const may = await all.deliveries.begin(held[at]?.splice(0) ?? [], times());
    begun[at]?.push(...may);
    for (const { id, work: kind } of may) if (kind === "send") more(left, id);
  };
  const settleAll = async (at: number, became: SendOutcome | null): Promise<void> => {
    const unsent = became === null ? (held[at]?.splice(0) ?? []) : [];
    const results = [...(begun[at]?.splice(0) ?? []), ...unsent].map((delivery) => ({
      delivery,
      next: became === null ? ({ kind: "returned" } as const) : settle(became, delivery, false),
      shownLocale: null,
    }));
    const put = results.filter(({ next }) => next.kind === "again" || next.kind === "returned");
    // Who has lost a message has no say about it any more, and so gives no reason to send it again.
    const rows = await base.db.delivery.findMany({
      where: { leaseId: { not: null } },
      select: { id: true, leaseId: true },
    });
    const holders = new Map(rows.map(({ id, leaseId }) => [id as bigint, leaseId]));
    for (const { delivery } of put) if (holders.get(delivery.id) === delivery.lease) more(excuses, delivery.id);
    await all.deliveries.settle(results, times());
  };
  const work = async (given: Work): Promise<void> => {
    if (given.do === "crash") drop(given.worker);
    else if (given.do === "claim") await claim(given.worker, given.stream);
    else if (given.do === "begin") await begin(given.worker);
    else await settleAll(given.worker, given.outcome);
  };
  return { run, left, excuses };
};

/** All workers die; then one goes on, for long enough. */
const FINISH: readonly Step[] = [
  ...[0, 1, 2].map((at): Step => ({ do: "crash", worker: at })),
  ...Array.from({ length: 4 }, (): readonly Step[] => [
    { do: "pass", ms: 11 * MINUTE },
    { do: "sweep" },
    { do: "sweep" },
    ...(["urgent", "redraw", "urgent", "redraw"] as const).flatMap((stream): readonly Step[] => [
      { do: "claim", worker: 0, stream },
      { do: "begin", worker: 0 },
      { do: "settle", worker: 0, outcome: { kind: "sent", ref: "m" } },
    ]),
  ]).flat(),
];

const isSettled = ({ state, repeats }: { readonly state: string; readonly repeats: number }): boolean =>
  ["sent", "seen", "gone", "refused"].includes(state) || (state === "in-doubt" && repeats === 1);

it("lets no message leave twice without a reason, and leaves none behind, whatever happens in whatever order", async () => {
  const plays = fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 45 }), async (steps) => {
    await emptyTables(base.db, "delivery", "platform_pause");
    await base.db.account.updateMany({ data: { gone: null } });
    const start = new Date(Date.now() + 1_000);
    const ids = await all.office.deliver(people, await all.office.notice(start), "urgent", start);
    const game = play(ids, start);
    for (const each of [...steps, ...FINISH]) await game.run(each);
    for (const row of await base.db.delivery.findMany()) {
      const reasons = 1 + row.repeats + (game.excuses.get(row.id) ?? 0);
      expect(game.left.get(row.id) ?? 0).toBeLessThanOrEqual(reasons);
      expect(row.repeats).toBeLessThanOrEqual(1);
      expect([row.state, isSettled(row)]).toEqual([row.state, true]);
      if (row.state === "sent" || row.state === "seen") expect(row.drawnRev).toBe(row.wantedRev);
    }
  });
  await fc.assert(plays, { numRuns: 60 });
}, 120_000);
