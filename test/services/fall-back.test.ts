import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import type { PlatformName } from "../../src/domain/platform.ts";
import { fallBack } from "../../src/services/fall-back.ts";
import { fallBackStore } from "../../src/store/fall-backs.ts";
import { anyHour } from "../calendars.ts";
import type { Recipient } from "../scripted/office.ts";
import type { Open } from "../scripted/open.ts";
import { overPostgres } from "../scripted/open.ts";
import { type Parts, parts } from "../scripted/parts.ts";
import { freshPostgres } from "../setup/database.ts";

const HOUR = 3_600_000;
const PLATFORMS: readonly PlatformName[] = ["telegram", "web"];

let base: Open;
let all: Parts;

beforeAll(async () => {
  base = await overPostgres(await freshPostgres());
});
afterAll(() => base.close());
beforeEach(async () => {
  await base.db
    .$executeRaw`TRUNCATE "delivery", "asked", "answer", "obligation", "account", "person", "person_key", "notice" CASCADE`;
  all = parts(base.db);
});

/** Somebody with an account on Telegram and one on the web. */
const somebody = async (): Promise<Recipient> => {
  const [on] = (await all.office.people("telegram", [`${Math.random()}`])) as [Recipient];
  const { db } = base;
  const { addressCell } = await db.account.findUniqueOrThrow({ where: { id: on.account } });
  await db.account.create({
    data: { personId: on.person, platform: "web", addressCell, addressIndex: Buffer.from(`web ${on.person}`) },
  });
  return on;
};

/** A notice that this person owes an answer to, sent to them on Telegram. */
const owing = async (who: Recipient, lane: "bulk" | "urgent" = "bulk") => {
  const notice = await all.office.notice(all.clock.now(), lane === "urgent" ? "flash" : "routine");
  const [id] = await all.office.deliver([who], notice, lane, all.clock.now());
  const { id: unit } = await base.db.unit.findFirstOrThrow();
  const obligation = await base.db.obligation.create({ data: { noticeId: notice, unitId: unit, needed: 1 } });
  await base.db.asked.create({
    data: { obligationId: obligation.id, personId: who.person, post: "principal", deputy: false },
  });
  await base.db.delivery.update({
    where: { id: id as bigint },
    data: { state: "sent", ref: "1", sentAt: all.clock.now() },
  });
  return { id: id as bigint, obligation: obligation.id };
};

const turn = () =>
  fallBack({
    ...{ fallBacks: fallBackStore(base.db), platforms: PLATFORMS, afterMs: 4 * HOUR, calendars: anyHour },
    ...{ clock: all.clock, log: all.log },
  });
const lists = () => base.db.delivery.findMany({ where: { kind: "todo" }, orderBy: { id: "asc" } });

it("asks who does not answer on their next platform, once, when the time is over", async () => {
  const who = await somebody();
  await owing(who);
  await owing(who);
  all.clock.travel(3 * HOUR);
  expect(await turn()).toBe(0);
  all.clock.travel(2 * HOUR);
  expect(await turn()).toBe(1);
  expect((await lists()).map(({ platform, personId, state }) => [platform, personId, state])).toEqual([
    ["web", who.person, "pending"],
  ]);
  all.clock.travel(24 * HOUR);
  expect(await turn()).toBe(0);
});

it("leaves in peace whoever has answered, and does not wait long with a warning", async () => {
  const [done, warned] = [await somebody(), await somebody()];
  const { obligation } = await owing(done, "urgent");
  await owing(warned, "urgent");
  await base.db.answer.create({
    data: {
      obligationId: obligation,
      generation: 1,
      personId: done.person,
      how: "tap",
      at: all.clock.now(),
      late: false,
    },
  });
  all.clock.travel(11 * 60_000);
  expect(await turn()).toBe(1);
  expect((await lists()).map(({ personId, lane }) => [personId, lane])).toEqual([[warned.person, 0]]);
});

it("moves a notice that nothing could reach to the next account at once, and not one that may have arrived", async () => {
  const [lost, doubted] = [await somebody(), await somebody()];
  const [one, other] = [await owing(lost), await owing(doubted)];
  await base.db.delivery.update({
    where: { id: one.id },
    data: { state: "gone", why: "blocked", ref: null, sentAt: null },
  });
  await base.db.delivery.update({
    where: { id: other.id },
    data: { state: "in-doubt", ref: null, sentAt: null, doubtAt: all.clock.now() },
  });
  expect(await turn()).toBe(1);
  expect(await all.office.row(one.id as never)).toMatchObject({ state: "pending", platform: "web", why: null });
  expect(await all.office.row(other.id as never)).toMatchObject({ state: "in-doubt", platform: "telegram" });
});
