import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { PersonUid } from "../../src/domain/ids.ts";
import { openTables } from "../../src/files/open-tables.ts";
import { importRoster } from "../../src/services/import-roster.ts";
import { MEMBERS, type Member, NUMBER, OFFICIALS, unitsCsv } from "../acceptance/county.ts";
import { type Open, overPostgres } from "../scripted/open.ts";
import { freshPostgres } from "../setup/database.ts";
import { type ClockWorld, clockWorld } from "./clock-world.ts";

const TOWNS = OFFICIALS.map(({ town }) => town);
/** Three enterprises of the sixth town that nothing reaches; the third has closed. */
const UNREACHED = MEMBERS.filter(({ kind, town }) => kind === "enterprise" && town === "T6").slice(-3);
const of = (kind: Member["kind"], town: string, count: number) =>
  MEMBERS.filter((each) => each.kind === kind && each.town === town && !UNREACHED.includes(each)).slice(0, count);
/** One village and nine enterprises in five towns that are late: all but the last two answer a day later. */
const LATE: readonly Member[] = [
  ...of("village", "T1", 1),
  ...["T1", "T2", "T3", "T4"].flatMap((town) => of("enterprise", town, 2)),
  ...of("enterprise", "T5", 1),
];
const LAST = LATE.slice(-2);

let open: Open;
let world: ClockWorld;
const folder = mkdtempSync(join(tmpdir(), "chuanda-clock-"));
const chats = new Map<string, string>();
const chat = (who: string): string => chats.get(who) ?? "";

const write = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};
const peopleCsv = (): string =>
  [
    "name,unit,post,locale,phone,telegram,slack,feishu,dingtalk,wecom,web",
    "赵县长,C,official,zh-CN,,,,,,,yes",
    ...OFFICIALS.map(({ town, name }) => `${name},${town},official,zh-CN,,,,,,,yes`),
    ...MEMBERS.map((member) => {
      const post = member.kind === "village" ? "official" : "principal";
      return `${member.person},${member.code},${post},${member.locale},,,,,,,${UNREACHED.includes(member) ? "" : "yes"}`;
    }),
    "",
  ].join("\n");
const importing = async (files: readonly string[]) => {
  const { clock, keys, stores } = world;
  const newUid = () => randomUUID() as string as PersonUid;
  const parts = {
    openTables,
    roster: stores.roster,
    keys,
    clock,
    platforms: ["web"] as const,
    newUid,
    newWebAddress: randomUUID,
  };
  const done = await importRoster(parts, { files, dryRun: false, complete: [], progress: () => {} });
  expect(done.kind).toBe("imported");
};

beforeAll(async () => {
  open = await overPostgres(await freshPostgres());
  world = clockWorld(open.db, "2026-09-18T08:00+08:00");
  await importing([write("units.csv", unitsCsv()), write("people.csv", peopleCsv())]);
  const { demo } = world.stores;
  for (const { code, person } of MEMBERS) chats.set(code, (await demo.chatOf(code, person)) ?? "");
  for (const { town, name } of OFFICIALS) chats.set(town, (await demo.chatOf(town, name)) ?? "");
  chats.set("C", (await demo.chatOf("C", "赵县长")) ?? "");
}, 60_000);
afterAll(async () => {
  await open.close();
  rmSync(folder, { recursive: true, force: true });
});

const ORDINARY = ["notice", "reminder", "deputy", "above", "task", "digest"];

it("takes a notice from Friday afternoon to the last unit on Tuesday, over a rest day and a make-up Sunday", {
  timeout: 240_000,
}, async () => {
  const audience = `kind enterprise or (kind grassroots and not (${TOWNS.map((town) => `unit ${town}`).join(" or ")}))`;
  await world.leap("2026-09-18T16:50+08:00");
  const published = await world.publish({ number: NUMBER, audience });
  expect(published.dueAt?.toISOString()).toBe("2026-09-20T09:30:00.000Z");
  expect(await world.stands(NUMBER)).toMatchObject({ recipients: 168, sent: 165, unreachable: 3, queued: 0 });

  // Three are not reached: the sixth town is asked to call, once. Two agree on the phone, one has closed.
  await world.until("2026-09-18T16:55+08:00");
  expect(await world.sent(["task"], "2026-09-18T16:50+08:00", "2026-09-18T17:00+08:00")).toMatchObject([
    { unit: "T6" },
  ]);
  expect((await world.shows(chat("T6"))).at(-1)?.words).toContain("有 3 家消息送不到");
  for (const { code } of UNREACHED.slice(0, 2)) await world.answersFor(chat("T6"), code, NUMBER);
  await importing([write("closed.csv", unitsCsv(new Set([UNREACHED[2]?.code ?? ""])))]);

  const reached = MEMBERS.filter((member) => !UNREACHED.includes(member));
  const waiting = [...LATE, ...reached.filter((member) => !LATE.includes(member)).slice(0, 48)];
  for (const member of reached.filter((each) => !waiting.includes(each))) await world.taps(chat(member.code), NUMBER);

  // Saturday is a day of rest.
  await world.until("2026-09-20T09:29+08:00");
  expect(await world.sent(ORDINARY, "2026-09-19T00:00+08:00", "2026-09-20T00:00+08:00")).toEqual([]);

  // The make-up Sunday begins with one digest to each of the 58.
  await world.until("2026-09-20T09:31+08:00");
  const digests = await world.sent(["digest"], "2026-09-18T16:50+08:00", "2026-09-20T12:00+08:00");
  expect(digests.map(({ at }) => at.toISOString())).toEqual(Array(58).fill("2026-09-20T01:30:00.000Z"));
  expect(new Set(digests.map(({ unit }) => unit))).toEqual(new Set(waiting.map(({ code }) => code)));
  // Whoever looks again, sends nothing again.
  for (let again = 0; again < 3; again++)
    expect(await world.tick()).toMatchObject({ rungs: 0, digests: 0, messages: 0 });
  for (const member of waiting.filter((each) => !LATE.includes(each))) await world.taps(chat(member.code), NUMBER);

  await world.until("2026-09-20T17:31+08:00");
  expect(await world.stands(NUMBER)).toMatchObject({
    ...{ acknowledged: 157, byProxy: 2, late: 0, overdue: 10 },
    units: { total: 167, fulfilled: 157, open: 0, overdue: 10, excluded: 1 },
  });
  expect(await world.sent(["reminder"], "2026-09-20T09:31+08:00", "2026-09-20T18:00+08:00")).toHaveLength(10);
  const above = await world.sent(["above"], "2026-09-18T16:50+08:00", "2026-09-21T00:00+08:00");
  expect(above.map(({ unit, at }) => `${unit} ${at.toISOString()}`)).toEqual(
    ["T1", "T2", "T3", "T4", "T5"].map((town) => `${town} 2026-09-20T09:30:00.000Z`),
  );
  expect((await world.shows(chat("T1"))).at(-1)?.words).toMatch(/28 家里有 3 家还没回复/);

  // On Monday eight more answer, and hear nothing more of it; the county is told of the two that are left, once.
  await world.until("2026-09-21T10:00+08:00");
  for (const member of LATE.filter((each) => !LAST.includes(each))) await world.taps(chat(member.code), NUMBER);
  await world.until("2026-09-21T17:31+08:00");
  const county = await world.sent(["above"], "2026-09-21T00:00+08:00", "2026-09-22T00:00+08:00");
  expect(county.map(({ unit }) => unit)).toEqual(["C"]);
  expect((await world.shows(chat("C"))).at(-1)?.words).toContain("167 家里有 2 家还没回复");
  const answered = new Set(LATE.filter((each) => !LAST.includes(each)).map(({ code }) => code));
  const later = await world.sent(ORDINARY, "2026-09-21T10:01+08:00", "2026-09-23T00:00+08:00");
  expect(later.filter(({ unit }) => answered.has(unit))).toEqual([]);

  // The towns go there on Tuesday.
  await world.leap("2026-09-22T11:00+08:00");
  for (const { code, town } of LAST) await world.answersFor(chat(town), code, NUMBER);
  expect(await world.stands(NUMBER)).toMatchObject({
    ...{ acknowledged: 167, late: 10, overdue: 0 },
    units: { total: 167, fulfilled: 167, open: 0, overdue: 0, excluded: 1 },
  });
  await world.until("2026-09-25T12:00+08:00");
  expect(await world.sent(ORDINARY, "2026-09-22T11:01+08:00", "2026-09-26T00:00+08:00")).toEqual([]);

  // Every ordinary push was inside the hours, and nobody had more than two a day.
  const all = await world.sent(ORDINARY, "2026-09-18T00:00+08:00", "2026-09-30T00:00+08:00");
  const { calendar } = (await world.calendars())[0];
  expect(all.filter(({ at }) => calendar.pushHours(at, 0).open?.from.getTime() !== at.getTime())).toEqual([]);
  const daily = new Map<string, number>();
  for (const { person, at } of all) {
    const day = `${person} ${at.toISOString().slice(0, 10)}`;
    daily.set(day, (daily.get(day) ?? 0) + 1);
  }
  expect(Math.max(...daily.values())).toBeLessThanOrEqual(2);
  expect(await world.stores.chase.audit(world.now())).toMatchObject({ open: 0, late: 0, stuck: 0, untold: 0 });
});
