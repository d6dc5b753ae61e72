import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { readConfig } from "../../../src/config.ts";
import { type Installation, openInstallation } from "../../../src/installation.ts";
import { WEBHOOK_PATH } from "../../../src/platforms/slack/webhook.ts";
import { openChat, startService } from "../../../src/service.ts";
import { fallBack } from "../../../src/services/fall-back.ts";
import { invite } from "../../../src/services/invite.ts";
import { publishNotice } from "../../../src/services/publish-notice.ts";
import { openToolbox } from "../../../src/toolbox.ts";
import { anyHour } from "../../calendars.ts";
import { newKeys } from "../../processes/keys.ts";
import { freshPostgres } from "../../setup/database.ts";
import { testLog } from "../../setup/log.ts";
import type { Person } from "../../slack-server/people.ts";
import { type SlackServer, slackServer } from "../../slack-server/server.ts";
import { type TelegramServer, telegramServer } from "../../telegram-server/server.ts";

/** The whole service in this process before both strict servers. */
let slack: SlackServer;
let telegram: TelegramServer;
let installation: Installation;
let service: { stop(): Promise<void> };
let drop: () => Promise<void>;
const folder = mkdtempSync(join(tmpdir(), "chuanda-slack-"));

const UNITS = `code,name,kind,parent,division,industry,site_types,grade,watch,status
C,石桥县,authority,,,,,,no,active
E1,石桥木业,enterprise,C,,,,B,no,active
E2,石桥化工,enterprise,C,,,,A,no,active
E3,石桥水泥,enterprise,C,,,,A,no,active
`;
const PEOPLE = `name,unit,post,locale,phone,telegram,slack,feishu,dingtalk,wecom,web
林远山,C,official,zh-CN,,,U0LIN,,,,
周建国,E1,principal,zh-CN,,810001,U0ZHOU,,,,
Mary Li,E2,principal,en,,810002,U0MARY,,,,
石开泰,E3,principal,zh-CN,,,U0SHI,,,,
`;
const notice = (number: string, audience: string) => `---
number: ${number}
issuer: "C"
urgency: priority
ack: undertake
due: 2d
audience: ${audience}
---
# 国庆节前安全防范
请您做三件事：

${Array.from({ length: 14 }, (_, at) => `- 第${at + 1}件：查一遍消防通道和配电箱，停用的报警器先修再开工，定好节日值班人`).join("\n")}
`;

const write = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};
const tools = () => openToolbox(installation, "");
const publish = async (number: string, audience: string) => {
  const read = await tools().readNotice(write(`${Math.random()}.md`, notice(number, audience)));
  if ("problems" in read) throw new Error(JSON.stringify(read.problems));
  expect((await publishNotice(tools().publishing, read.draft, null)).kind).toBe("published");
};
const last = (person: Person) => person.shows().at(-1);
const eventually = (found: () => unknown) => expect.poll(found, { timeout: 15_000, interval: 50 });

beforeAll(async () => {
  slack = await slackServer({ pace: 0.01, limits: { all: 100, channel: 100, scale: 100 } });
  telegram = await telegramServer({ pace: 0.05, flood: { all: 100, chat: 100 } });
  const postgres = await freshPostgres();
  drop = postgres.drop;
  const config = readConfig({
    ...{ DATABASE_URL: postgres.url, ...newKeys(), TELEGRAM_RATE: "100", SLACK_RATE: "100" },
    ...{ TELEGRAM_BOT_TOKEN: telegram.token, TELEGRAM_API_ROOT: telegram.url, PORT: "0" },
    SLACK_EMAIL_DOMAINS: "example.org",
    ...{ SLACK_BOT_TOKEN: slack.token, SLACK_SIGNING_SECRET: slack.signingSecret, SLACK_API_URL: slack.apiUrl },
  });
  installation = await openInstallation(config, testLog(), { migrate: true, onDeath: () => {} });
  const chat = await openChat(installation);
  const started = await startService(installation, chat, { roles: ["web", "worker"], port: 0 });
  service = started;
  slack.inbound.postTo(`http://127.0.0.1:${started.port}${WEBHOOK_PATH}`);
}, 60_000);
afterAll(async () => {
  await service?.stop();
  await installation?.close();
  await slack?.close();
  await telegram?.close();
  await drop?.();
  rmSync(folder, { recursive: true, force: true });
});

let lin: Person;
let zhou: Person;
let mary: Person;
let shi: Person;
let onTelegram: readonly ReturnType<TelegramServer["person"]>[];

it("enrols whoever an import names, and asks them in their own conversation, in their language", async () => {
  lin = slack.person({ id: "U0LIN", name: "林远山" });
  zhou = slack.person({ id: "U0ZHOU", name: "周建国" });
  mary = slack.person({ id: "U0MARY", name: "Mary Li" });
  shi = slack.person({ id: "U0SHI", name: "石开泰", open: false });
  onTelegram = [
    telegram.person({ id: 810_001, name: "周建国" }),
    telegram.person({ id: 810_002, name: "Mary Li", language: "en" }),
  ];
  const files = [write("units.csv", UNITS), write("people.csv", PEOPLE)];
  const done = await tools().importRoster({ files, dryRun: false, complete: [], progress: () => {} });
  expect(done.kind).toBe("imported");
  await eventually(() => [lin, shi].map((each) => each.shows().length)).toEqual([1, 1]);
  expect(last(shi)?.text).toContain("石开泰，您好");
});

it("lets a file name people by their e-mail addresses, again without a change, and tells whom nobody knows", async () => {
  const row = (name: string, slackId: string) => `${name},E2,worker,zh-CN,,,${slackId},,,,`;
  const header = PEOPLE.split("\n")[0] ?? "";
  const file = (...rows: readonly string[]) => write(`${Math.random()}.csv`, [header, ...rows, ""].join("\n"));
  const importing = (path: string) =>
    tools().importRoster({ files: [path], dryRun: false, complete: [], progress: () => {} });
  const workers = Array.from({ length: 24 }, (_, at) =>
    slack.person({ name: `工人${at}`, email: `w${at}@example.org` }),
  );
  const few = file(row("工人0", "W0@Example.org"));
  expect(await importing(few)).toMatchObject({ kind: "imported" });
  await eventually(() => workers[0]?.shows().length).toBe(1);
  const asked = () => slack.calls.filter(({ method }) => method.startsWith("users.")).map(({ method }) => method);
  expect(asked()).toEqual(["users.lookupByEmail"]);
  const all = file(...workers.map((_, at) => row(`工人${at}`, `w${at}@example.org`)));
  expect(await importing(all)).toMatchObject({ kind: "imported" });
  expect(new Set(asked())).toEqual(new Set(["users.lookupByEmail", "users.list"]));
  await eventually(() => workers.map((each) => each.shows().length)).toEqual(workers.map(() => 1));
  const wrong = await importing(file(row("某人", "nobody@example.org"), row("外人", "a@elsewhere.example")));
  const problems = "problems" in wrong ? (wrong.problems as unknown as { problems?: unknown }) : null;
  const listed = JSON.stringify(problems);
  expect(listed).toContain('"line":2,"column":"slack"');
  expect(listed).toContain("unknown-email");
  expect(listed).toContain("foreign-email");
  expect(slack.violations).toEqual([]);
});

it("shows a notice, the whole of it in a window, what is owed in the App Home, and takes the answer there", async () => {
  await publish("某安委办〔2026〕17号", "unit E3");
  await eventually(() => last(shi)?.text).toContain("国庆节前安全防范");
  expect(last(shi)?.fallback).toMatch(/^加急 17号 国庆节前安全防范/);
  shi.presses("看全文");
  await eventually(() => shi.window()?.text).toContain("第14件");
  shi.opensHome();
  await eventually(() => shi.home()?.text).toContain("还有 1 件等您：");
  shi.pressesAtHome(/^✅/);
  await eventually(() => shi.home()?.text).toContain("今天没有要您办的事。");
  await eventually(() => shi.shows().some(({ text }) => /^✅ 石开泰 .*已认领/.test(text))).toBe(true);
  shi.runs("todo");
  await eventually(() => last(shi)?.text).toBe("今天没有要您办的事。");
  expect([shi.warnings(), slack.violations]).toEqual([0, []]);
});

it("enrols by a code in one window for the whole form, with what is wrong beside its question", async () => {
  const newcomer = slack.person({ name: "李小燕" });
  const made = await invite(tools().inviting, {
    ...{ units: ["E1"], post: "worker", deputy: false, uses: 5, lastsMs: 86_400_000, address: "" },
  });
  const [invitation] = Array.isArray(made) ? made : [];
  newcomer.opensHome();
  await eventually(() => newcomer.home()?.text).toMatch(/我还不认识您.*I do not know you yet/s);
  await eventually(() => newcomer.home()?.buttons.map(({ text }) => text)).toEqual(["我有邀请码"]);
  newcomer.pressesAtHome("我有邀请码");
  await eventually(() => newcomer.window()?.asks).toEqual({ code: [] });
  await newcomer.submits({ code: "不是码" });
  expect(newcomer.window()?.errors).toEqual({ code: expect.stringContaining("邀请码") });
  await newcomer.submits({ code: invitation.code });
  expect(newcomer.window()).toBeNull();
  await eventually(() => last(newcomer)?.buttons.map(({ text }) => text)).toEqual(["填写", "取消"]);

  newcomer.presses("填写");
  await eventually(() => newcomer.window()?.asks).toEqual({ language: ["zh-CN", "en"], privacy: ["yes", "no"] });
  await newcomer.submits({ language: "en", privacy: "yes" });
  expect(newcomer.window()?.asks).toEqual({ name: [] });
  expect(newcomer.window()?.text).toContain("What is your name?");
  await newcomer.submits({ name: "x".repeat(101) });
  expect(newcomer.window()?.errors).toEqual({ name: expect.stringContaining("101 characters") });
  await newcomer.submits({ name: "Li Xiaoyan" });
  expect(newcomer.window()).toBeNull();
  await eventually(() => newcomer.shows().some(({ text }) => text.includes("Noted, Li Xiaoyan"))).toBe(true);
  await eventually(() => newcomer.shows().flatMap(({ buttons }) => buttons)).toEqual([]);
  expect([newcomer.warnings(), slack.violations]).toEqual([0, []]);
});

it("says of a window whose form is over that it is, and keeps nothing of it", async () => {
  const newcomer = slack.person();
  const made = await invite(tools().inviting, {
    ...{ units: ["E2"], post: "worker", deputy: false, uses: 5, lastsMs: 86_400_000, address: "" },
  });
  newcomer.says(Array.isArray(made) ? (made[0]?.code ?? "") : "");
  await eventually(() => last(newcomer)?.buttons.map(({ text }) => text)).toEqual(["填写", "取消"]);
  newcomer.presses("填写");
  await eventually(() => newcomer.window()).not.toBeNull();
  newcomer.presses("取消");
  await eventually(() => last(newcomer)?.text).toContain("不办了");
  await newcomer.submits({ language: "en", privacy: "yes" });
  expect(newcomer.window()).toMatchObject({ asks: {}, text: expect.stringContaining("已经结束") });
  expect(newcomer.warnings()).toBe(0);
});

it("asks who is on both platforms on the preferred one, then on the other; one answer, and both are drawn again", async () => {
  const cards = () => onTelegram.map((person) => person.shows().filter(({ text }) => text.includes("18号")));
  await publish("某安委办〔2026〕18号", "unit E1 or unit E2");
  await eventually(() => cards().map(({ length }) => length)).toEqual([1, 1]);
  const before = [zhou.shows().length, mary.shows().length];
  const { stores, clock, log } = installation;
  // The time for an answer is over at once.
  const platforms = ["telegram", "slack", "web"] as const;
  const falling = { fallBacks: stores.fallBacks, platforms, afterMs: -1_000, calendars: anyHour };
  let asked = 0;
  const goOn = async () => {
    asked += await fallBack({ ...falling, clock, log });
    return asked;
  };
  await eventually(goOn).toBe(2);
  await eventually(() => [zhou.shows().length, mary.shows().length]).toEqual(before.map((count) => count + 1));
  zhou.presses(/^✅/);
  await eventually(() => last(zhou)?.text).toBe("今天没有要您办的事。");
  await eventually(() => cards()[0]?.[0]?.text).toMatch(/^✅ 周建国/);
  const coverage = await stores.coverage.coverage("某安委办〔2026〕18号", clock.now());
  expect(coverage).toMatchObject({ recipients: 2, acknowledged: 1 });
});

it("counts whoever has left as not reached, and reaches them again once they open the app", async () => {
  shi.leaves();
  await publish("某安委办〔2026〕19号", "unit E3");
  await eventually(
    async () => (await installation.stores.coverage.coverage("某安委办〔2026〕19号", new Date()))?.unreachable,
  ).toBe(1);
  shi.returns();
  shi.opensHome();
  await eventually(() => last(shi)?.text).toContain("国庆节前安全防范");
});

it("goes on where one method has to wait an hour: windows, the home and redraws are not of it", async () => {
  slack.plan({ method: "chat.postMessage", channel: lin.id, times: 1, trouble: { kind: "limited", seconds: 3_600 } });
  lin.runs("todo");
  await eventually(() =>
    slack.calls.some(({ method, status }) => method === "chat.postMessage" && status === 429),
  ).toBe(true);
  lin.opensHome();
  await eventually(() => lin.home()?.text).toContain("今天没有要您办的事。");
  mary.presses(/^✅/);
  await eventually(() => last(mary)?.text).toBe("Nothing needs you today.");
  expect(slack.violations).toEqual([]);
});
