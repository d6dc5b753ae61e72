import { randomBytes, randomUUID } from "node:crypto";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { invitationCode, spacedCode } from "../../src/domain/invitation-code.ts";
import type { Locale } from "../../src/domain/language.ts";
import { parseMarkdown } from "../../src/files/markdown.ts";
import { entryBytes } from "../../src/ledger/entry-bytes.ts";
import { speaker } from "../../src/locale/speaker.ts";
import { wording } from "../../src/locale/wording.ts";
import { answering } from "../../src/services/answer.ts";
import { type Dispatcher, dispatcher } from "../../src/services/dispatch.ts";
import { drawing } from "../../src/services/draw.ts";
import { limiting } from "../../src/services/limit.ts";
import { answerStore } from "../../src/store/answers.ts";
import { deliveryStore } from "../../src/store/deliveries.ts";
import { draftStore } from "../../src/store/drafts.ts";
import { enrolmentStore } from "../../src/store/enrolments.ts";
import { inboundStore } from "../../src/store/inbound.ts";
import { invitationStore } from "../../src/store/invitations.ts";
import { paceStore } from "../../src/store/paces.ts";
import { type ChatWorld, chatWorld } from "../platforms/web/chat-world.ts";
import { freshEmbedded } from "../setup/database.ts";
import { hasBrowser, misfits, openBrowser, openPage, violations } from "./browser.ts";

/** The services that work off what the pages hand over. */
const service = ({ db, keys, log, clock, platform }: ChatWorld) => {
  const deliveries = deliveryStore(db, keys, { parse: parseMarkdown, wording, locale: "zh-CN" });
  const inbound = inboundStore(db, keys);
  const answer = answering({
    ...{ inbound, deliveries, keys, clock, log, platforms: ["web"] as const },
    answers: answerStore(db, keys, entryBytes),
    drafts: draftStore(db, keys, entryBytes),
    enrolments: enrolmentStore(db, keys, entryBytes),
  });
  const draw = drawing({ deliveries, clock, card: speaker(clock.now, "Asia/Shanghai").card });
  const limiter = limiting({ shared: null, paces: paceStore(db), clock, log });
  const hide = (chat: string) => chat;
  const sending: Dispatcher = dispatcher({
    ...{ platform, deliveries, draw, limiter, hide, clock, log },
    newLeaseId: randomUUID,
  });
  return { inbound, answer, sending };
};

describe.skipIf(!hasBrowser())("the page where a code is brought", { timeout: 60_000 }, () => {
  let database: Awaited<ReturnType<typeof freshEmbedded>>;
  let world: ChatWorld;
  let browser: Browser;
  let stop: () => Promise<void>;
  beforeAll(async () => {
    database = await freshEmbedded();
    world = await chatWorld(database.database.pool, { server: { rates: { normal: 5_000, tight: 500 } } });
    const { inbound, answer, sending } = service(world);
    stop = sending.stop;
    world.working.on = async (incoming) => {
      await inbound.put(incoming, { now: world.clock.now(), real: world.clock.real() });
      while ((await answer()) > 0);
      sending.wake();
    };
    await world.db.unit.create({
      data: { code: "shop", name: "石桥木业", kind: "enterprise", lft: 1, rgt: 2, depth: 0 },
    });
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser.close();
    await stop();
    await world.close();
    await database.drop();
  });

  const invite = async (): Promise<string> => {
    const code = invitationCode(randomBytes(10));
    const expiresAt = new Date(Date.now() + 86_400_000);
    const one = {
      unit: "shop",
      post: "worker",
      deputy: false,
      codeHash: world.keys.tokenHash(code),
      uses: 1,
      expiresAt,
    } as const;
    await invitationStore(world.db, entryBytes).add([one], { now: world.clock.now(), real: new Date() });
    return code;
  };
  const counts = async () =>
    Promise.all([world.db.person.count(), world.db.strangerTry.count(), world.db.webSession.count()]);

  it("looks the same for every code, changes nothing when it is shown, and says one thing of any that is none", async () => {
    const before = await counts();
    const good = await invite();
    const bodies = await Promise.all(
      [good, "0000000000000000"].map(async (code) => (await world.visit(`/join/${code}`)).text()),
    );
    const [first, second] = bodies.map((body) => body.replace(/value="[^"]*"/, ""));
    expect(first).toBe(second);
    expect(await counts()).toEqual(before);
    const tries = ["0000-0000-0000-0000", "what is this", ""].map((code) => world.post("/join", { code }));
    const answers = await Promise.all(tries);
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404]);
    const said = await Promise.all(answers.map((answer) => answer.text()));
    expect(new Set(said).size).toBe(1);
    expect(said[0]).toContain("这个邀请码用不了");
    // A foreign page cannot bring a code for its visitor.
    expect((await world.post("/join", { code: good }, { "sec-fetch-site": "cross-site" })).status).toBe(403);
    await world.db.strangerTry.deleteMany();
  });

  it.each([
    ["zh-CN", ["中文", "同意"], "李娜", "对，登记", "记下了，李娜：石桥木业的工人。"],
    ["en", ["English", "Agree"], "Li Na", "That is right", "Noted, Li Na: worker at 石桥木业."],
  ] as const)("takes somebody in, %s, without any script", async (locale: Locale, labels, name, right, done) => {
    const code = await invite();
    const { page, complaints, close } = await openPage(
      browser,
      { viewport: { width: 390, height: 844 }, locale, javaScriptEnabled: false },
      null,
      world.url,
    );
    await page.goto(`${world.url}/join/${spacedCode(code)}`);
    expect(await page.locator("html").getAttribute("lang")).toBe(locale);
    await page.locator("form button").click();
    expect(new URL(page.url()).pathname).toBe("/chat");
    for (const label of labels) await page.getByRole("button", { name: label, exact: true }).last().click();
    await page.locator("input[name=text]").last().fill(name);
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: right, exact: true }).click();
    await page.reload();
    await page.getByText(done).waitFor();
    expect(await page.locator(".whose").textContent()).toBe(`石桥木业 · ${name}`);
    expect(complaints).toEqual([]);
    await close();
    // Used up, and by one person.
    expect((await world.post("/join", { code })).status).toBe(404);
  });

  it("suits people and machines, with a code and without", async () => {
    const { page, complaints, close } = await openPage(
      browser,
      { viewport: { width: 320, height: 640 } },
      null,
      world.url,
    );
    for (const path of ["/join", "/join/0000-0000-0000-0000"]) {
      await page.goto(`${world.url}${path}`);
      expect([await violations(page), await misfits(page)], path).toEqual([[], []]);
    }
    expect(complaints).toEqual([]);
    await close();
  });
});
