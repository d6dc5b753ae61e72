import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { showCoverage } from "../../src/cli/show-coverage.ts";
import { showLinks } from "../../src/cli/show-links.ts";
import { showProblems } from "../../src/cli/show-problems.ts";
import { showPublish } from "../../src/cli/show-publish.ts";
import { showRecall } from "../../src/cli/show-recall.ts";
import { showSupersede } from "../../src/cli/show-supersede.ts";
import type { Terminal } from "../../src/cli/terminal.ts";
import type { Toolbox } from "../../src/cli/toolbox.ts";
import type { Locale } from "../../src/domain/language.ts";
import type { NoticeDraft } from "../../src/domain/notice.ts";
import { problem, reason } from "../../src/domain/problem.ts";
import { parseMarkdown } from "../../src/files/markdown.ts";
import { writeSheet } from "../../src/files/write-sheet.ts";
import { contentHash } from "../../src/ledger/content-hash.ts";
import { entryBytes } from "../../src/ledger/entry-bytes.ts";
import { openLedger } from "../../src/ledger/ledger.ts";
import { speaker } from "../../src/locale/speaker.ts";
import { wording } from "../../src/locale/wording.ts";
import { printer } from "../../src/print/printer.ts";
import { amendStore } from "../../src/store/amends.ts";
import { chaseStore } from "../../src/store/chase.ts";
import type { Db } from "../../src/store/client.ts";
import { enrolmentStore } from "../../src/store/enrolments.ts";
import { exportStore } from "../../src/store/exports.ts";
import { heldStore } from "../../src/store/held-deliveries.ts";
import { inboundStore } from "../../src/store/inbound.ts";
import { invitationStore } from "../../src/store/invitations.ts";
import { leaveStore } from "../../src/store/leaves.ts";
import { ledgerStore } from "../../src/store/ledger-entries.ts";
import { noticeStore } from "../../src/store/notices.ts";
import { peopleStore } from "../../src/store/people.ts";
import { accessStore } from "../../src/store/web-access.ts";
import { anyHour } from "../calendars.ts";
import { newKeys } from "../processes/keys.ts";
import type { Open } from "../scripted/open.ts";
import { overPostgres } from "../scripted/open.ts";
import { freshPostgres } from "../setup/database.ts";
import { startOver } from "../setup/empty-tables.ts";
import type { World } from "../world.ts";
import { world } from "../world.ts";

let open: Open;
let db: Db;
let here: World;
beforeAll(async () => {
  open = await overPostgres(await freshPostgres());
  db = open.db;
});
afterAll(() => open.close());
beforeEach(async () => {
  await startOver(db, "unit", "person", "notice", "inbound");
  here = world(db);
  await here.tree([
    { code: "county", kind: "authority" },
    { code: "town", parent: "county", kind: "authority" },
    { code: "shop", parent: "town" },
    { code: "mill", parent: "town" },
    { code: "pit", parent: "town", status: "closed" },
    { code: "other", parent: "county" },
  ]);
  await here.person("周建国", ["shop:principal", "shop:worker"]);
  await here.person("王芳", ["mill:principal"], { alone: true });
});

/** What a command says, line by line. */
const terminal = (locale: Locale = "en") => {
  const out: string[] = [];
  const err: string[] = [];
  const { say } = speaker(() => here.clock.now(), "Asia/Shanghai");
  const shown: Terminal = {
    out: (line) => void out.push(line),
    err: (line) => void err.push(line),
    progress: () => {},
    say: (words) => say(words, locale),
    width: 80,
  };
  return { ...shown, said: { out, err } };
};

const draft = (parts: Partial<NoticeDraft> = {}): NoticeDraft => ({
  number: "某安委办〔2026〕99号",
  issuerCode: "county",
  urgency: "priority",
  ack: "undertake",
  due: { kind: "clock", minutes: 240, rule: "4h" },
  audience: "kind enterprise",
  closing: { kind: "each-unit" },
  reminders: [],
  texts: [{ locale: "zh-CN", title: "防范", body: "请您查一遍通道。", hash: "h" }],
  contentHash: "h",
  ...parts,
});

const queue = { hint: async () => {} };

const tools = (notice: NoticeDraft = draft(), pace: number | null = null): Toolbox => ({
  clock: here.clock,
  coverage: here.coverage,
  exporting: {
    exports: exportStore(db, here.keys, entryBytes),
    ledgerStore: ledgerStore(db),
    ledger: openLedger(newKeys().LEDGER_KEY),
    clock: here.clock,
    zone: "Asia/Shanghai",
  },
  inviting: {
    invitations: invitationStore(db, entryBytes),
    enrolments: enrolmentStore(db, here.keys, entryBytes),
    keys: here.keys,
    clock: here.clock,
    platforms: ["web"],
    newCode: () => "0123456789ABCDEF",
  },
  printer,
  writeSheet,
  importCalendar: async () => ({ kind: "imported", changed: 0, rescheduled: [] }),
  migrate: async () => [],
  leaving: { leaves: leaveStore(db, entryBytes), clock: here.clock },
  linking: {
    people: peopleStore(db, here.keys),
    access: accessStore(db, here.keys),
    keys: here.keys,
    clock: here.clock,
  },
  publishing: {
    notices: noticeStore(db, entryBytes),
    calendars: anyHour,
    clock: here.clock,
    queue,
    parse: parseMarkdown,
    platforms: ["web"],
  },
  rehearsing: {
    notices: noticeStore(db, entryBytes),
    chase: chaseStore(db, entryBytes),
    calendars: anyHour,
    clock: here.clock,
    parse: parseMarkdown,
    platforms: ["web"],
  },
  recalling: { amends: amendStore(db, entryBytes), hash: contentHash, clock: here.clock, queue, platforms: ["web"] },
  superseding: {
    notices: noticeStore(db, entryBytes),
    amends: amendStore(db, entryBytes),
    calendars: anyHour,
    clock: here.clock,
    queue,
    parse: parseMarkdown,
    platforms: ["web"],
    wording,
  },
  address: "https://chuanda.example",
  pace: { web: pace },
  holding: { held: heldStore(db, entryBytes), queue: { hint: async () => {} }, platforms: ["web"] },
  parking: { inbound: inboundStore(db, here.keys), queue: { hint: async () => {} } },
  backUp: () => Promise.reject(new Error("not asked for")),
  readNotice: async () => ({ draft: notice }),
  importRoster: () => Promise.reject(new Error("not asked for")),
  verify: () => Promise.reject(new Error("not asked for")),
  checkProof: () => false,
  examine: async () => [],
  readText: async () => null,
  writeText: async () => {},
});

describe("chuanda coverage", () => {
  const asked = (number: string, parts: { under?: string; json?: boolean } = {}) =>
    ({ command: "coverage", number, under: null, json: false, ...parts }) as const;

  it("shows a tree with bars, in the language of the terminal", async () => {
    const number = await here.publish({ audience: "kind enterprise" });
    await here.acknowledge("周建国", number);
    const shown = terminal();
    expect(await showCoverage(tools(), asked(number), shown)).toBe(0);
    expect(shown.said.out).toEqual([
      `${number}  防范`,
      "1 of 3 units · due today 13:00",
      "2 people: 0 sent, 1 queued, 0 in doubt, 1 failed (1 unreachable)".replace(
        "0 sent, 1 queued",
        "1 sent, 0 queued",
      ),
      "One closed unit is left out",
      "",
      `county                       ${"█".repeat(9)}${"░".repeat(19)}       1/3  2 open`,
      `  other                      ${"░".repeat(28)}       0/1  1 open`,
      `  town                       ${"█".repeat(14)}${"░".repeat(14)}       1/2  1 open  town`,
      "",
      "█ undertaken ▓ by proxy ! overdue ░ open; drill down with --under CODE",
    ]);
    const chinese = terminal("zh-CN");
    await showCoverage(tools(), asked(number, { under: "town" }), chinese);
    expect(chinese.said.out.slice(1, 4)).toEqual([
      "1 / 3 家已完成 · 今天 13:00 到期",
      "收件 2 人：已送 1，排队 0，不确定 0，没送到 1（其中联系不上 1）",
      "1 家已关闭，不计在内",
    ]);
    expect(chinese.said.out.slice(5, -2).map((line) => line.replace(/\s+/gu, " "))).toEqual([
      `town ${"█".repeat(14)}${"░".repeat(14)} 1/2 未回复 1`,
      ` mill ${"░".repeat(28)} 0/1 未回复 1`,
      ` pit ${"·".repeat(28)} 0/0 已关闭，不计在内`,
      ` shop ${"█".repeat(28)} 1/1 全部完成`,
    ]);
  });

  it("prints what the contract says and nothing else as JSON, with the tree under a code where one asks", async () => {
    const number = await here.publish({ audience: "kind enterprise" });
    const plain = terminal();
    expect(await showCoverage(tools(), asked(number, { json: true }), plain)).toBe(0);
    expect(plain.said.out).toHaveLength(1);
    const document = JSON.parse(plain.said.out[0] ?? "");
    expect(document).toEqual({
      number,
      title: "防范",
      dueProvisional: false,
      status: "published",
      urgency: "priority",
      ack: "undertake",
      publishedAt: "2026-09-18T01:00:00.000Z",
      dueAt: "2026-09-18T05:00:00.000Z",
      recipients: 2,
      queued: 1,
      sent: 0,
      delivered: null,
      inDoubt: 0,
      held: 0,
      failed: 1,
      unreachable: 1,
      acknowledged: 0,
      late: 0,
      byProxy: 0,
      overdue: 0,
      stopped: 0,
      units: { total: 3, fulfilled: 0, open: 3, overdue: 0, excluded: 1, cancelled: 0 },
      version: 1,
      supersedes: null,
      supersededBy: null,
      endedAt: null,
      reason: null,
      byPlatform: { web: { recipients: 1, sent: 0, failed: 0, delivered: null } },
      lastMile: { p50Seconds: null, p95Seconds: null },
    });
    const under = terminal();
    await showCoverage(tools(), asked(number, { json: true, under: "town" }), under);
    expect(JSON.parse(under.said.out[0] ?? "").under.map(({ code }: { code: string }) => code)).toEqual([
      "town",
      "mill",
      "shop",
      "pit",
    ]);
  });

  it("takes the number as people type it", async () => {
    const number = await here.publish({ audience: "unit shop" });
    for (const typed of [number.replace("〔", "[").replace("〕", "]"), ` ${number.replace("〔", " 〔 ")} `]) {
      const shown = terminal();
      expect(await showCoverage(tools(), asked(typed), shown)).toBe(0);
    }
  });

  it("says in one line what it does not know", async () => {
    const number = await here.publish({ audience: "unit shop" });
    const unknown = terminal();
    expect(await showCoverage(tools(), asked("某安委办[2026]1号", { json: true }), unknown)).toBe(1);
    expect(unknown.said).toEqual({
      out: [],
      err: ["There is no notice 某安委办〔2026〕1号. Give the whole number as it was published."],
    });
    const code = terminal();
    expect(await showCoverage(tools(), asked(number, { under: "nowhere" }), code)).toBe(1);
    expect(code.said.err).toEqual(["There is no unit with code nowhere."]);
  });
});

describe("chuanda publish", () => {
  const asked = (parts: { dryRun?: boolean; at?: string; json?: boolean } = {}) =>
    ({ command: "publish", file: "/x.md", dryRun: false, at: null, json: false, ...parts }) as const;

  it("shows what it would do, what it would cost and whom it would not reach, and does nothing", async () => {
    const shown = terminal();
    expect(await showPublish(tools(draft(), 0.4), asked({ dryRun: true }), shown)).toBe(0);
    expect(shown.said.out).toEqual([
      "Would go to 2 people in 3 units (dry run: nothing was sent)",
      "Due: today 13:00",
      "  over web: 1",
      "  enterprises: 3",
      "  tier 2: 1",
      "  tier 3: 2",
      "One closed unit is left out",
      "Asks 2 people × 20 s = one minute",
      "The platforms’ limits make sending take about 3 s",
      "Cannot reach 2:",
      "  mill (mill): has no account",
      "  other (other): nobody holds the post",
    ]);
    expect(await db.notice.count()).toBe(0);
    const json = terminal();
    expect(await showPublish(tools(), asked({ dryRun: true, json: true }), json)).toBe(0);
    expect(JSON.parse(json.said.out.join(""))).toMatchObject({
      units: 3,
      obligations: 3,
      recipients: 2,
      excluded: 1,
      personMinutes: 1,
      sendSeconds: 0,
      dueAt: "2026-09-18T05:00:00.000Z",
    });
  });

  it("publishes, at once or at a later time", async () => {
    const shown = terminal();
    expect(await showPublish(tools(), asked(), shown)).toBe(0);
    expect(shown.said.out).toEqual(["Published 某安委办〔2026〕99号 to 2 people in 3 units."]);
    const later = terminal();
    const next = draft({ number: "某安委办〔2026〕100号", audience: "unit shop" });
    const at = "2026-09-19T09:00+08:00";
    expect(await showPublish(tools(next), asked({ at, json: true }), later)).toBe(0);
    expect(JSON.parse(later.said.out.join(""))).toMatchObject({ recipients: 1, dueAt: "2026-09-19T05:00:00.000Z" });
    expect((await db.delivery.findFirstOrThrow({ orderBy: { id: "desc" } })).at).toEqual(new Date(at));
  });

  const moment = (at: string) => ({ kind: "moment", at: new Date(at), rule: at }) as const;

  it.each<[string, Partial<NoticeDraft>, string | null, string, string]>([
    [
      "an issuer nobody knows",
      { issuerCode: "x" },
      null,
      "issuer: there is no unit with code x. Import units.csv first.",
      "issuer：没有代码为 x 的单位。先导入 units.csv。",
    ],
    [
      "a code nobody has, at its column",
      { audience: "kind enterprise or unit e" },
      null,
      "audience, column 25: there is no unit with code e.",
      "audience 第 25 列：没有代码为 e 的单位。",
    ],
    [
      "everyone without an office",
      { closing: { kind: "everyone" } },
      null,
      "closing: everyone needs a post in the audience, such as: post worker.",
      "closing: everyone 需要在 audience 里写明岗位，例如 post worker。",
    ],
    [
      "nobody at all",
      { audience: "watch" },
      null,
      "The audience of 某安委办〔2026〕99号 selects nobody, so it was not published.",
      "某安委办〔2026〕99号 的 audience 没有选中任何单位或人，没有发布。",
    ],
    [
      "closed units alone",
      { audience: "unit pit" },
      null,
      "The audience of 某安委办〔2026〕99号 selects nobody, so it was not published.",
      "某安委办〔2026〕99号 的 audience 没有选中任何单位或人，没有发布。",
    ],
    [
      "a due time that has passed",
      { due: moment("2026-09-18T00:59:59Z") },
      null,
      "due: that moment has passed already.",
      "due：期限已经过了。",
    ],
    [
      "a time of publishing that has passed",
      {},
      "2026-09-18T08:59:59+08:00",
      "--at: that moment has passed already.",
      "--at：这个时刻已经过了。",
    ],
  ])("refuses %s, whether tried or meant", async (_, parts, at, english, chinese) => {
    for (const dryRun of [true, false]) {
      const [en, zh] = [terminal("en"), terminal("zh-CN")];
      const request = asked({ dryRun, ...(at === null ? {} : { at }) });
      expect(await showPublish(tools(draft(parts)), request, en)).toBe(1);
      expect(await showPublish(tools(draft(parts)), request, zh)).toBe(1);
      expect([en.said, zh.said]).toEqual([
        { out: [], err: [english] },
        { out: [], err: [chinese] },
      ]);
    }
    expect(await db.notice.count()).toBe(0);
  });

  it("refuses a number that is taken", async () => {
    await showPublish(tools(), asked(), terminal());
    const shown = terminal();
    expect(await showPublish(tools(), asked(), shown)).toBe(1);
    expect(shown.said.err).toEqual(["The number 某安委办〔2026〕99号 is taken. Give the notice another one."]);
  });

  it("shows what is wrong in the file and publishes nothing", async () => {
    const problems = [problem({ file: "x.md", line: 3 }, reason("bad-due"), { column: "due", value: "soon" })];
    const shown = terminal();
    expect(await showPublish({ ...tools(), readNotice: async () => ({ problems }) }, asked(), shown)).toBe(1);
    expect(shown.said.err[0]).toMatch(/^x\.md:3 due "soon": /u);
    expect(await db.notice.count()).toBe(0);
  });
});

describe("chuanda recall", () => {
  const asked = (number: string, parts: { dryRun?: boolean; json?: boolean } = {}) =>
    ({ command: "recall", number, reason: "日期写错了", dryRun: false, json: false, ...parts }) as const;

  it("says beforehand and afterwards what it does, and does it once", async () => {
    const number = await here.publish({ audience: "kind enterprise" });
    await here.acknowledge("周建国", number);
    const said = "one person will be told, 2 obligations cancelled.";
    const trial = terminal();
    expect(await showRecall(tools(), asked(number, { dryRun: true }), trial)).toBe(0);
    expect(trial.said.out).toEqual([
      `Recalling ${number}: 0 people would not be sent it, one person would be told, 2 obligations cancelled (dry run: nothing was written).`,
    ]);
    const done = terminal();
    expect(await showRecall(tools(), asked(number.replace("〔", "[").replace("〕", "]")), done)).toBe(0);
    expect(done.said.out).toEqual([`Recalled ${number}: 0 people will not be sent it, ${said}`]);
    const again = terminal("zh-CN");
    expect(await showRecall(tools(), asked(number), again)).toBe(0);
    expect(again.said.out.join("")).toMatch(/早已撤回（今天 09:00）/);
    const json = terminal();
    await showRecall(tools(), asked(number, { json: true }), json);
    expect(JSON.parse(json.said.out.join(""))).toMatchObject({ number, status: "recalled", already: true });
    const unknown = terminal();
    expect(await showRecall(tools(), asked("某安委办〔2026〕1号"), unknown)).toBe(1);
    expect(unknown.said).toMatchObject({ out: [], err: [expect.stringMatching(/^There is no notice/)] });

    const coverage = terminal();
    await showCoverage(tools(), { command: "coverage", number, under: null, json: false }, coverage);
    expect(coverage.said.out.slice(1)).toEqual([
      "Recalled today 09:00: 日期写错了",
      "1 of 3 units",
      "2 people: 1 sent, 0 queued, 0 in doubt, 1 failed (1 unreachable)",
      "2 units had not finished when it ended; nothing is owed any more",
      "One closed unit is left out",
      "",
      `county                       ${"█".repeat(9)}${"·".repeat(19)}       1/3  2 cancelled`,
      `  other                      ${"·".repeat(28)}       0/1  1 cancelled`,
      `  town                       ${"█".repeat(14)}${"·".repeat(14)}       1/2  1 cancelled  town`,
      "",
      "█ undertaken ▓ by proxy ! overdue ░ open; drill down with --under CODE",
    ]);
  });
});

describe("chuanda supersede", () => {
  const asked = (number: string, parts: { dryRun?: boolean; json?: boolean; askAgain?: boolean } = {}) =>
    ({ command: "supersede", number, file: "/x.md", dryRun: false, json: false, askAgain: false, ...parts }) as const;
  const texts: NoticeDraft["texts"] = [{ locale: "zh-CN", title: "防范", body: "请您查两遍通道。", hash: "h2" }];

  it("shows who is asked what and every word that changes, then puts the new version in the old one's place", async () => {
    const old = await here.publish({ audience: "kind enterprise" });
    await here.acknowledge("周建国", old);
    const version = tools(draft({ texts }));
    const trial = terminal();
    expect(await showSupersede(version, asked(old, { dryRun: true }), trial)).toBe(0);
    expect(trial.said.out[0]).toBe(
      `某安委办〔2026〕99号 would take the place of ${old}, as version 2 (dry run: nothing was written)`,
    );
    expect(trial.said.out).toContain("Only see what has changed: one person");
    expect(trial.said.out.join("\n")).toMatch(/What changes \(zh-CN\):\n.*\[-.*-\]\{\+.*\+\}/u);
    expect(await db.notice.count()).toBe(1);
    const done = terminal();
    expect(await showSupersede(version, asked(old, { json: true }), done)).toBe(0);
    expect(JSON.parse(done.said.out.join(""))).toMatchObject({
      ...{ number: "某安委办〔2026〕99号", supersedes: old, version: 2, carried: 1, told: 0, reasons: [] },
    });
    const again = terminal();
    expect(await showSupersede(version, asked(old), again)).toBe(1);
    expect(again.said.out).toEqual([]);
    expect(again.said.err).toHaveLength(1);
  });
});

describe("chuanda link", () => {
  const asked = (parts: { unit?: string; post?: string; revoke?: boolean; json?: boolean } = {}) =>
    ({ command: "link", unit: "shop", post: null, revoke: false, json: false, ...parts }) as const;

  it("prints one link a person, however many offices they hold", async () => {
    const shown = terminal();
    expect(await showLinks(tools(), asked(), shown)).toBe(0);
    expect(shown.said.out).toHaveLength(1);
    expect(shown.said.out[0]).toMatch(/^周建国 {2}principal {2}https:\/\/chuanda\.example\/chat\/enter\/[\w-]{43}$/u);
    expect(shown.said.err).toEqual(["Each link works once and for 7 days; hand each to its own person."]);
  });

  it("prints them as JSON, and gives whoever has none a web account", async () => {
    const shown = terminal();
    expect(await showLinks(tools(), asked({ unit: "mill", post: "principal", json: true }), shown)).toBe(0);
    const { unit, links } = JSON.parse(shown.said.out.join(""));
    expect([unit, links.length, links[0].name, links[0].post]).toEqual(["mill", 1, "王芳", "principal"]);
    expect(shown.said.err).toEqual([]);
    expect(await db.account.count({ where: { platform: "web" } })).toBe(2);
  });

  it("ends them again", async () => {
    await showLinks(tools(), asked(), terminal());
    await showLinks(tools(), asked(), terminal());
    const shown = terminal();
    expect(await showLinks(tools(), asked({ revoke: true }), shown)).toBe(0);
    expect(shown.said.out).toEqual(["2 links and sessions ended."]);
    const json = terminal();
    await showLinks(tools(), asked({ revoke: true, json: true }), json);
    expect(json.said.out).toEqual(['{"revoked":0}']);
  });

  it.each([
    [{ unit: "nowhere" }, "There is no unit with code nowhere."],
    [{ unit: "nowhere", revoke: true }, "There is no unit with code nowhere."],
    [{ unit: "other" }, "Nobody holds that post in unit other. Import people.csv first."],
    [{ post: "deputy:principal" }, "Nobody holds that post in unit shop. Import people.csv first."],
    [
      { post: "boss" },
      '"boss" is no post. Use principal, safety_manager, official, liaison, worker and so on; a stand-in is deputy:principal.',
    ],
  ])("refuses %j in one line", async (parts, line) => {
    const shown = terminal();
    expect(await showLinks(tools(), asked(parts), shown)).toBe(1);
    expect(shown.said).toEqual({ out: [], err: [line] });
  });
});

describe("what is wrong in a file", () => {
  it("is shown with its place and value, fifty of them, and the rest is counted", () => {
    const at = (line: number | null) => ({ file: "units.csv", line });
    const problems = [
      problem(at(2), reason("empty"), { column: "code", value: "" }),
      problem(at(3), reason("bad-due"), { position: 7, value: "x".repeat(80) }),
      problem(at(null), reason("empty-file")),
      ...Array.from({ length: 60 }, (_, line) => problem(at(line + 4), reason("empty"), { column: "name" })),
    ];
    const shown = terminal();
    expect(showProblems(shown, problems, 1000)).toBe(1);
    expect(shown.said.err).toHaveLength(52);
    expect(shown.said.err[0]).toMatch(/^units\.csv:2 code "": /u);
    expect(shown.said.err[1]).toMatch(/^units\.csv:3:7 "x{60}": /u);
    expect(shown.said.err[2]).toMatch(/^units\.csv: /u);
    expect(shown.said.err.slice(50)).toEqual([
      "1,013 more problems are not shown.",
      "Nothing was written. Mend it and try again.",
    ]);
    expect(shown.said.out).toEqual([]);
  });
});
