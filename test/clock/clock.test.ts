import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { calendarsOf } from "../../src/calendar/calendars.ts";
import { parseDue } from "../../src/domain/due.ts";
import { parseReminders } from "../../src/domain/ladder.ts";
import type { NoticeDraft } from "../../src/domain/notice.ts";
import { readCalendarFile } from "../../src/files/calendar-file.ts";
import { parseMarkdown } from "../../src/files/markdown.ts";
import { importCalendar } from "../../src/services/import-calendar.ts";
import { rehearseNotice } from "../../src/services/rehearse-notice.ts";
import { type Open, overPostgres } from "../scripted/open.ts";
import { freshPostgres } from "../setup/database.ts";
import { type ClockWorld, clockWorld } from "./clock-world.ts";
import { freshCounty } from "./fresh-county.ts";

let open: Open;
let world: ClockWorld;
const folder = mkdtempSync(join(tmpdir(), "chuanda-clock-"));
beforeAll(async () => {
  open = await overPostgres(await freshPostgres());
});
afterAll(async () => {
  await open.close();
  rmSync(folder, { recursive: true, force: true });
});

const FRIDAY = "2026-09-18T10:00+08:00";
const chat = (name: string) => `chat-${name}`;
/** A county with a town, and in it two shops: 张 runs one and 钱 stands in for him, 王 runs the other. */
beforeEach(async () => {
  const people = await freshCounty(open.db, ["shop", "mill"]);
  await people.person("张", ["shop:principal"]);
  await people.person("钱", ["shop:deputy:principal"]);
  await people.person("王", ["mill:principal"]);
  world = clockWorld(open.db, FRIDAY);
});

const kinds = async (name: string) => (await world.shows(chat(name))).map(({ kind }) => kind);
const number = (serial: number) => `某安委办〔2026〕${serial}号`;
const ask = (serial: number, rest: object = {}) => ({
  number: number(serial),
  audience: "kind enterprise",
  due: "4h",
  ...rest,
});

describe("a ladder", () => {
  it("reminds the person, calls the deputy, tells the unit above and the one above that, and asks somebody to go there", async () => {
    await world.publish(ask(1, { due: "2wh" }));
    await world.until("2026-09-18T23:00+08:00");
    expect(await kinds("张")).toEqual(["notice", "reminder"]);
    expect(await kinds("钱")).toEqual(["deputy"]);
    expect(await kinds("李")).toEqual(["above"]);
    const [call] = await world.shows(chat("钱"));
    expect(call?.words).toContain("shop的张还没回复，可能在忙。您是副手，能替他接吗？会写明是代签。");
    const [overdue] = await world.shows(chat("李"));
    expect(overdue?.words).toContain("您这里 2 家里有 2 家还没回复。");
    await world.until("2026-09-20T20:00+08:00");
    expect(await kinds("赵")).toEqual(["above"]);
    expect(await kinds("李")).toEqual(["above", "task"]);
    // Two pushes a day: what is overdue comes in the morning, and everything else with it.
    expect(await kinds("张")).toEqual(["notice", "reminder", "digest"]);
  });

  it("is harmless from the moment of an answer, even for what is on its way", async () => {
    await world.publish(ask(1));
    world.clock.now();
    await world.leap("2026-09-18T13:25+08:00");
    await world.taps(chat("张"), number(1));
    await world.until("2026-09-22T18:00+08:00");
    expect(await kinds("张")).toEqual(["notice"]);
    expect(await kinds("钱")).toEqual([]);
    expect((await world.shows(chat("李")))[0]?.words).toContain("2 家里有 1 家");
    await world.answersFor(chat("李"), "mill", number(1));
    expect((await world.shows(chat("李")))[0]?.words).toContain("都有人回复了");
  });

  it("collapses into its latest rung when the machine has slept, once, however often it is looked at", async () => {
    await world.publish(ask(1, { due: "1wd", reminders: ["-4h", "-2h", "-1h", "+1h remind"] }));
    await world.leap("2026-09-20T19:00+08:00");
    for (let look = 0; look < 3; look++) await world.tick();
    const rungs = await world.db.rung.findMany();
    expect(rungs.map(({ step }) => step)).toEqual([3, 3]);
    await world.leap("2026-09-18T10:00+08:00");
    await world.leap("2026-09-20T19:30+08:00");
    expect(await world.db.rung.count()).toBe(2);
  });

  it("keeps what it was when it was published, whatever is taken back and given again", async () => {
    await world.publish(ask(1, { closing: { kind: "quorum", needed: 2 } }));
    await world.taps(chat("张"), number(1));
    await world.taps(chat("张"), number(1), "take-back");
    await world.until("2026-09-18T13:31+08:00");
    expect(await world.db.rung.count()).toBe(2);
    await world.db.$executeRaw`UPDATE "notice" SET "reminders" = '["+9h"]'`;
    await world.until("2026-09-18T14:01+08:00");
    expect(await world.db.rung.count()).toBe(4);
  });

  it("is begun again where its clock was made to stand still, and the audit says so", async () => {
    await world.publish(ask(1));
    await world.db.$executeRaw`UPDATE "obligation" SET "next_at" = NULL`;
    expect(await world.stores.chase.audit(world.now())).toMatchObject({ open: 2, stuck: 2 });
    expect(await world.stores.chase.restart(world.now())).toBe(2);
    expect(await world.stores.chase.audit(world.now())).toMatchObject({ open: 2, stuck: 0 });
    await world.until("2026-09-18T13:31+08:00");
    expect(await world.db.rung.count()).toBe(2);
  });
});

describe("a restore", () => {
  it("climbs nothing again that was climbed between the backup and the loss", async () => {
    await world.publish(ask(1, { due: "1wd" }));
    const late = new Date("2026-09-20T18:00+08:00");
    await world.stores.held.hold(late, (held) => ({
      ...({ kind: "restored", at: late, actor: "operator", contentHash: null, how: "command" } as const),
      subject: { taken: late.toISOString(), entries: "0", root: "", held: String(held) },
    }));
    await world.leap(late);
    expect(await world.db.rung.count()).toBe(0);
    await world.until("2026-09-21T17:31+08:00");
    expect((await world.db.rung.findMany()).map(({ step }) => step)).toEqual([2, 2]);
  });
});

describe("people's hours", () => {
  it("let two ordinary pushes a day through, and fold the rest into the next morning's one digest", async () => {
    for (const serial of [1, 2, 3, 4]) await world.publish(ask(serial, { due: "3wd", ack: "read" }));
    await world.publish(ask(5, { due: "3wd", ack: "none" }));
    expect(await kinds("张")).toEqual(["notice", "notice"]);
    expect((await world.stands(number(4))).queued).toBe(2);
    await world.until("2026-09-20T09:31+08:00");
    expect(await kinds("张")).toEqual(["notice", "notice", "digest"]);
    const digest = (await world.shows(chat("张"))).at(-1);
    expect(digest?.at.toISOString()).toBe("2026-09-20T01:30:00.000Z");
    expect(digest?.words).toContain("早上好，张。今天没有到期，3 件新的。");
    expect((await world.stands(number(4))).queued).toBe(0);

    // One tap for all that only asks to be read; a button for the words of what was never sent by itself.
    const buttons = await world.buttons(chat("张"));
    const all = buttons.find(({ action }) => action.do === "acknowledge-all");
    const one = buttons.find(({ action }) => action.do === "open");
    if (!all || !one) throw new Error("a digest without its buttons");
    await world.hears(chat("张"), { kind: "press", action: one.action, text: null, ref: null });
    expect((await kinds("张")).filter((kind) => kind === "notice")).toHaveLength(3);
    await world.hears(chat("张"), { kind: "press", action: all.action, text: null, ref: null });
    expect(await world.stands(number(4))).toMatchObject({ acknowledged: 1 });
    expect(await world.stands(number(1))).toMatchObject({ acknowledged: 1 });
  });

  it("do not hold up a warning, which says why it comes, and the ledger with it", async () => {
    await world.leap("2026-09-19T02:10+08:00");
    await world.publish(ask(1, { urgency: "flash", due: "15m", reminders: "flash" }));
    await world.until("2026-09-19T02:40+08:00");
    expect(await kinds("张")).toEqual(["notice", "reminder"]);
    expect(await kinds("钱")).toEqual(["deputy"]);
    expect((await world.shows(chat("张"))).map(({ words }) => words.split("\n")[0])).toEqual(
      Array(2).fill("特提，所以现在发。"),
    );
    const told = await world.db.ledgerInbox.findMany();
    const bodies = told.map(({ body }) => Buffer.from(body).toString()).filter((body) => body.includes('"disturbed"'));
    expect(bodies.length).toBeGreaterThanOrEqual(2);
    expect(bodies[0]).toContain('"reason":"flash"');
  });

  it("are each unit's own, in its own zone", async () => {
    writeFileSync(
      join(folder, "west.csv"),
      "from,to,works,hours,zone,unit,name\n,,,10:00-13:30 15:30-19:30,Asia/Urumqi,mill,\n",
    );
    await importFile("west.csv");
    await world.leap("2026-09-18T18:00+08:00");
    await world.publish(ask(1, { due: "1wd" }));
    // In Urumqi it is four in the afternoon, and work goes on; in Shanghai it is over.
    expect([await kinds("张"), await kinds("王")]).toEqual([[], ["notice"]]);
    const owed = await world.db.obligation.findMany({ include: { unit: true }, orderBy: { unitId: "asc" } });
    expect(owed.map(({ unit, dueAt }) => `${unit.code} ${dueAt?.toISOString()}`)).toEqual([
      "shop 2026-09-20T09:30:00.000Z",
      "mill 2026-09-20T13:30:00.000Z",
    ]);
  });
});

const importFile = async (name: string) => {
  const path = join(folder, name);
  const read = await readCalendarFile(path, name, (zone) => zone.includes("/"));
  if ("problems" in read) return { kind: "refused" as const, problems: read.problems };
  const { stores, clock, calendars } = world;
  return importCalendar(
    { calendarStore: stores.calendars, calendars, clock, queue: { hint: async () => {} } },
    name,
    read.rows,
  );
};

describe("a year that nobody has announced", () => {
  it("gives a provisional deadline, which is computed anew when its days are known; what is firm stays", async () => {
    await world.leap("2026-12-31T09:00+08:00");
    await world.publish(ask(1, { due: "1wd" }));
    await world.publish(ask(2, { due: "4h" }));
    expect(await world.stands(number(1))).toMatchObject({
      dueProvisional: true,
      dueAt: new Date("2027-01-01T17:30+08:00"),
    });
    expect((await world.shows(chat("张")))[0]?.words).toContain("（暂定）");
    writeFileSync(join(folder, "2027.csv"), "from,to,works,name\n2027-01-01,2027-01-02,no,元旦\n2027-01-03,,yes,\n");
    const done = await importFile("2027.csv");
    expect(done).toMatchObject({ kind: "imported", changed: 3, rescheduled: [{ number: number(1), obligations: 2 }] });
    expect(await importFile("2027.csv")).toMatchObject({ changed: 0, rescheduled: [] });
    expect(await world.stands(number(1))).toMatchObject({
      dueProvisional: false,
      dueAt: new Date("2027-01-03T17:30+08:00"),
    });
    expect(await world.stands(number(2))).toMatchObject({
      dueProvisional: false,
      dueAt: new Date("2026-12-31T13:00+08:00"),
    });
    await world.until("2027-01-03T17:05+08:00");
    expect((await world.shows(chat("张"))).map(({ kind, at }) => `${kind} ${at.toISOString()}`)).toContain(
      "reminder 2027-01-03T09:00:00.000Z",
    );
  });

  it("names everything that is wrong with a file, and takes over nothing of it", async () => {
    const rows = [
      "2027-02-30,,no,,,,",
      "2027-01-01,,no,25:00-26:00,,,",
      ",,,,Asia Shanghai,,",
      "2027-01-05,,perhaps,,,,",
      "2027-01-04,,no,,,nowhere,",
    ];
    writeFileSync(join(folder, "bad.csv"), ["from,to,works,hours,zone,unit,name", ...rows, ""].join("\n"));
    const wrong = await importFile("bad.csv");
    const said = wrong.kind === "refused" ? wrong.problems.map(({ line, reason }) => `${line} ${reason.kind}`) : [];
    expect(said).toEqual(["2 bad-days", "3 bad-hours", "3 hours-of-rest", "4 bad-zone", "5 unknown-word"]);
    writeFileSync(
      join(folder, "bad.csv"),
      ["from,to,works,unit", "2027-01-01,,no,", "2027-01-04,,no,nowhere", ""].join("\n"),
    );
    expect(await importFile("bad.csv")).toMatchObject({ kind: "refused", problems: [{ line: 3, value: "nowhere" }] });
    expect(await world.db.calendarDay.count()).toBe(0);
  });
});

describe("somebody who is away", () => {
  it("has somebody who is asked in their place, and is not reminded", async () => {
    const [zhang, qian] = await Promise.all(
      ["张", "钱"].map((name) =>
        world.db.account.findFirstOrThrow({ where: { addressIndex: world.keys.index("address", chat(name)) } }),
      ),
    );
    await world.db.leave.create({
      data: {
        personId: zhang?.personId ?? 0n,
        standInId: qian?.personId ?? 0n,
        fromAt: new Date("2026-09-17T00:00Z"),
        untilAt: new Date("2026-09-25T00:00Z"),
      },
    });
    await world.publish(ask(1, { due: "1wd" }));
    await world.until("2026-09-20T17:29+08:00");
    expect(await kinds("张")).toEqual(["notice"]);
    expect(await kinds("钱")).toContain("digest");
    await world.taps(chat("钱"), number(1));
    expect(await world.stands(number(1))).toMatchObject({ acknowledged: 1, byProxy: 0 });
  });
});

describe("a rehearsal", () => {
  it("tells everything that would happen, by the mechanism that does it, and leaves nothing behind", async () => {
    const read = parseReminders("standard");
    if ("wrong" in read) throw new Error(read.wrong);
    const draft: NoticeDraft = {
      ...{ number: number(1), issuerCode: "county", urgency: "priority", ack: "undertake", due: parseDue("1wd") },
      ...{ audience: "kind enterprise", closing: { kind: "each-unit" }, reminders: read.rungs, contentHash: "h" },
      texts: [{ locale: "zh-CN", title: "防范", body: "请您查一遍。", hash: "h" }],
    };
    const { stores, clock } = world;
    const calendars = async () => calendarsOf(await stores.calendars.overrides(), "Asia/Shanghai");
    const parts = {
      notices: stores.notices,
      chase: stores.chase,
      calendars,
      clock,
      parse: parseMarkdown,
      platforms: ["web"] as const,
    };
    const told = await rehearseNotice(parts, draft, null);
    const lines =
      told.kind === "rehearsed"
        ? told.timeline.map(
            ({ at, kind, people, level }) => `${at.toISOString().slice(5, 16)} ${kind}${level || ""} ${people}`,
          )
        : [];
    const expected = [
      "09-18T02:00 notice 2",
      "09-20T01:30 digest 2",
      "09-20T09:00 reminder 2",
      "09-20T09:30 deputy 1",
      "09-20T09:30 above1 1",
      "09-21T01:30 digest 2",
      "09-21T09:30 above2 1",
      "09-21T09:30 task1 1",
      "09-22T01:30 digest 2",
    ];
    expect(lines).toEqual(expected);
    expect([await world.db.notice.count(), await world.db.rung.count(), await world.db.task.count()]).toEqual([
      0, 0, 0,
    ]);

    // And when it is lived through, it happens so.
    await world.publish({ number: number(1), audience: "kind enterprise", due: "1wd" });
    await world.until("2026-09-22T09:31+08:00");
    const lived = await world.sent(
      ["notice", "reminder", "deputy", "above", "task", "digest"],
      "2026-09-18T00:00Z",
      "2026-09-23T00:00Z",
    );
    expect(lived.map(({ at, kind }) => `${at.toISOString().slice(5, 16)} ${kind}`)).toEqual(
      expected.flatMap((line) => {
        const [at, kind = "", people] = line.split(" ");
        return Array(Number(people)).fill(`${at} ${kind.replace(/\d/, "")}`);
      }),
    );
  });
});
