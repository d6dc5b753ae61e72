import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { travel } from "../../../src/cli/show-publish.ts";
import { eventually } from "../../scripted/eventually.ts";
import { emptyTables } from "../../setup/empty-tables.ts";
import type { Trouble } from "../../telegram-server/server.ts";
import { type ServiceWorld, serviceWorld } from "./service-world.ts";

const RATE = 95;
const MINUTE = 60_000;
const ALWAYS = Number.POSITIVE_INFINITY;

let world: ServiceWorld;
beforeAll(async () => {
  world = await serviceWorld({ rate: RATE });
}, 60_000);
afterAll(() => world.close());
afterEach(async () => {
  world.server.unplan();
  world.travel(MINUTE);
  await emptyTables(world.db, "delivery", "platform_pause", "pace");
  expect(world.server.violations).toEqual([]);
});

const people = async (count: number) => {
  const chats = Array.from({ length: count }, () => world.server.person());
  return {
    chats,
    to: await world.office.people(
      "telegram",
      chats.map(({ id }) => String(id)),
    ),
  };
};
const broadcast = async (to: Awaited<ReturnType<typeof people>>["to"]) =>
  world.office.deliver(to, await world.office.notice(world.now()), "bulk", world.now());
const ended = (count: number) =>
  eventually(
    () => world.office.states(),
    ({ sent }) => sent === count,
    60_000,
  );
const sends = () => world.server.calls.filter(({ method }) => method === "sendMessage").length;

/** An hour passes in a few seconds: what is in doubt is tried again in it, and the platform is still in trouble. */
const anHour = async (): Promise<void> => {
  await eventually(world.server.spoilt, (count) => count > 0);
  for (let minutes = 0; minutes < 60; minutes += 15) {
    await sleep(1_000);
    world.travel(15 * MINUTE);
  }
};

/** Nobody holds anything, so that a machine that sleeps now loses no claim. */
const idle = (): Promise<unknown> =>
  eventually(
    () => world.db.delivery.count({ where: { OR: [{ state: "sending" }, { leaseId: { not: null } }] } }),
    (held) => held === 0,
    30_000,
  );

/** Resolves to how much service time goes by until all of them are sent, in milliseconds. */
const recovers = async (count: number): Promise<number> => {
  const since = world.now().getTime();
  while ((await world.office.states()).sent !== count && world.now().getTime() - since < 120 * MINUTE) {
    await sleep(500);
    world.travel(MINUTE);
  }
  return world.now().getTime() - since;
};

/** With how long the platform is left alone for it, where that is longer than a test waits. */
const NEVER_ARRIVED: readonly (readonly [name: string, trouble: Trouble, restMs: number])[] = [
  ["answers 502 with a page", { kind: "page", status: 502 }, 0],
  ["answers with a page as if all were well", { kind: "page", status: 200 }, MINUTE],
  ["breaks every connection", { kind: "reset-before" }, 0],
];

it.each(NEVER_ARRIVED)(
  "down for an hour, it %s: few ask meanwhile, and afterwards everybody has it once",
  async (_, trouble, restMs) => {
    const { chats, to } = await people(60);
    world.server.plan({ method: "sendMessage", times: ALWAYS, trouble });
    const before = world.server.spoilt();
    await broadcast(to);
    await anHour();
    // Four of the hour's parts, each with at most what is under way when nobody knows yet, and then a try now and then.
    const asked = world.server.spoilt() - before;
    expect(asked).toBeLessThanOrEqual(45);
    expect(chats.every((chat) => chat.shows().length === 0)).toBe(true);
    world.server.unplan();
    if (restMs > 0) await idle().then(() => world.sleep(restMs));
    // What may have arrived is repeated after ten minutes without an answer; the rest comes at once.
    expect(await recovers(60)).toBeLessThan(30 * MINUTE);
    expect(await world.office.states()).toEqual({ sent: 60 });
    expect(new Set(chats.map((chat) => chat.shows().length))).toEqual(new Set([1]));
    expect(world.server.worstSecond()).toBeLessThanOrEqual(RATE * 1.1);
  },
  180_000,
);

it("slow, it is waited for, and nobody gets a thing twice", async () => {
  const { chats, to } = await people(40);
  world.server.plan({ method: "sendMessage", times: ALWAYS, trouble: { kind: "slow", ms: 1_500 } });
  const before = sends();
  await broadcast(to);
  await ended(40);
  expect(new Set(chats.map((chat) => chat.shows().length))).toEqual(new Set([1]));
  expect(sends() - before).toBe(40);
}, 90_000);

it("takes no less time than the dry run says it will", async () => {
  const count = 569;
  const { to } = await people(count);
  const preview = { byPlatform: [{ platform: "telegram", people: count }] } as unknown as Parameters<typeof travel>[0];
  const told = travel(preview, { telegram: RATE });
  const before = world.server.calls.length;
  await broadcast(to);
  await ended(count);
  const at = world.server.calls.slice(before).flatMap(({ method, at: when }) => (method === "sendMessage" ? when : []));
  const took = ((at.at(-1) ?? 0) - (at[0] ?? 0)) / 1_000;
  expect(told).toBe(6);
  // That it takes no longer either is measured in a bench: it depends on the machine.
  expect(took).toBeGreaterThanOrEqual(0.95 * told);
}, 90_000);
