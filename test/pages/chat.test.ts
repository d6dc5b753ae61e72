import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Locale } from "../../src/domain/language.ts";
import { cards } from "../platforms/web/cards.ts";
import { type ChatWorld, chatWorld } from "../platforms/web/chat-world.ts";
import { freshEmbedded } from "../setup/database.ts";
import { hasBrowser, misfits, openBrowser, openPage, violations } from "./browser.ts";

/** Every width, both colours and both sizes. What machines read depends on the colour, and not on the width. */
const WINDOWS = [
  { width: 1440, height: 900, large: false, colorScheme: "light", read: true },
  { width: 390, height: 844, large: false, colorScheme: "dark", read: true },
  { width: 320, height: 640, large: true, colorScheme: "light", read: false },
  { width: 320, height: 256, large: false, colorScheme: "light", read: false },
] as const;
/** A loaded machine takes its time. */
const SOON = { timeout: 8_000 };
const LOCALES: readonly Locale[] = ["zh-CN", "en"];
const options = {
  key: "again",
  lane: "reply",
  get deadline() {
    return new Date(Date.now() + 10_000);
  },
} as const;

describe.skipIf(!hasBrowser())("the pages of the web chat", { timeout: 90_000 }, () => {
  let database: Awaited<ReturnType<typeof freshEmbedded>>;
  let world: ChatWorld;
  let browser: Browser;
  beforeAll(async () => {
    database = await freshEmbedded();
    world = await chatWorld(database.database.pool, { server: { rates: { normal: 5_000, tight: 500 } } });
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser.close();
    await world.close();
    await database.drop();
  });

  const guest = (locale: Locale = "zh-CN", large = false) =>
    world.person({ name: "周建国", unit: "石桥木业", locale, large });
  const enter = async (locale: Locale = "zh-CN", large = false) => world.enter(await guest(locale, large));
  const refOf = (sent: Awaited<ReturnType<ChatWorld["send"]>>) => (sent.kind === "sent" ? sent.ref : "");
  const chatPage = async (cookie: string, more: Parameters<typeof openPage>[1] = {}) => {
    const opened = await openPage(browser, { viewport: { width: 390, height: 844 }, ...more }, cookie, world.url);
    await opened.page.goto(`${world.url}/chat`);
    return opened;
  };
  /** A message of the page, by the words it shows. */
  const turn = (page: Page, words: string) => page.locator(".turn", { hasText: words });

  describe.each(LOCALES)("in %s", (locale) => {
    it.each(WINDOWS)(
      "suit people and machines at $width × $height, $colorScheme, large type: $large",
      async (window) => {
        const { chat, cookie } = await enter(locale, window.large);
        for (const make of Object.values(cards)) await world.send(chat, make(locale));
        await world.chats.append([
          { chat, key: "t", body: { side: "theirs", text: "什么算停用？\n第 3 条" }, at: world.clock.now() },
        ]);
        const { page, complaints, close } = await chatPage(cookie, {
          viewport: window,
          colorScheme: window.colorScheme,
        });
        await page.locator(".rest summary").first().click();
        if (window.read) expect(await violations(page)).toEqual([]);
        await page.locator(".menu summary").click();
        if (window.read) expect(await violations(page, ".menu")).toEqual([]);
        expect(await misfits(page)).toEqual([]);
        expect(complaints).toEqual([]);
        await close();
      },
    );

    it("suit them too where a link is opened, is spent or is missing, and where something is wrong", async () => {
      const link = await world.link(await guest(locale));
      const { page, complaints, close } = await openPage(
        browser,
        { viewport: { width: 320, height: 640 }, locale },
        null,
        world.url,
      );
      for (const path of [link, "/chat/enter/spent", "/chat", "/nowhere"]) {
        await page.goto(`${world.url}${path}`);
        expect(await page.locator("html").getAttribute("lang"), path).toBe(locale);
        expect([await violations(page), await misfits(page)], path).toEqual([[], []]);
      }
      expect(complaints.filter((each) => !each.includes("status of 4"))).toEqual([]);
      await close();
    });
  });

  it("open with a link and answer with a tap without any script", async () => {
    const { page, close } = await openPage(browser, { javaScriptEnabled: false }, null, world.url);
    await page.goto(`${world.url}${await world.link(await guest())}`);
    await page.getByRole("button", { name: "我是周建国" }).click();
    expect(new URL(page.url()).pathname).toBe("/chat");
    const token = (await page.context().cookies()).find(({ name }) => name === "chuanda")?.value ?? "";
    const chat =
      (await world.access.session(
        Buffer.from(await crypto.subtle.digest("SHA-256", Buffer.from(token))),
        new Date(),
        world.clock.real(),
      )) ?? "";
    const ref = refOf(await world.send(chat, cards.notice("zh-CN")));
    world.working.on = async ({ what }) => {
      if (what.kind === "press")
        await world.platform.redraw({ platform: "web", chat }, ref, cards.done("zh-CN"), options);
      if (what.kind === "text") await world.send(chat, cards.help("zh-CN"));
    };
    await page.reload();
    await page.locator(".rest summary").click();
    await page.getByText("怎么查").waitFor();
    await page.getByRole("button", { name: "✅ 我来负责" }).click();
    expect(await page.locator(".standing").textContent()).toContain("周建国 10:04 已认领");
    await page.getByLabel("您要说的话").fill("什么算停用？");
    await page.keyboard.press("Enter");
    await turn(page, "这里是“传达”").waitFor();
    await page.locator(".menu summary").click();
    await page.getByRole("button", { name: "大字" }).click();
    expect(await page.locator("html").getAttribute("data-size")).toBe("large");
    await page.locator(".menu summary").click();
    await page.getByRole("button", { name: "深色" }).click();
    expect(await page.locator("html").getAttribute("data-theme")).toBe("dark");
    world.working.on = async () => {};
    await close();
  });

  it("begin at the newest message, whether a script runs or not", async () => {
    const { chat, cookie } = await enter();
    for (let at = 0; at < 12; at++) await world.send(chat, cards.notice("zh-CN"));
    await world.send(chat, cards.empty("zh-CN"));
    for (const javaScriptEnabled of [true, false]) {
      const { page, close } = await chatPage(cookie, { javaScriptEnabled });
      await expect
        .poll(() =>
          turn(page, "今天没有要您办的事")
            .boundingBox()
            .then((box) => (box ? box.y : 9_999)),
        )
        .toBeLessThan(800);
      await close();
    }
  });

  it("take a tap without loading anew, and draw the card again in place", async () => {
    const { chat, cookie } = await enter();
    const ref = refOf(await world.send(chat, cards.notice("zh-CN")));
    const { page, complaints, close } = await chatPage(cookie);
    await page.evaluate("globalThis.stayed = true");
    await page.locator(".rest summary").click();
    await page.getByRole("button", { name: "✅" }).focus();
    await page.keyboard.press("Enter");
    await turn(page, "我来负责").nth(1).waitFor();
    await world.platform.redraw({ platform: "web", chat }, ref, cards.done("zh-CN"), options);
    await page.locator(".standing.done").waitFor();
    expect(await page.locator(".turn.ours").count()).toBe(1);
    expect(await page.locator(".rest").getAttribute("open")).not.toBeNull();
    expect(await page.evaluate("document.activeElement.closest('.turn')?.id")).toBe(`m-${ref}`);
    expect(await page.evaluate("globalThis.stayed")).toBe(true);
    expect(complaints).toEqual([]);
    await close();
  });

  it("bring what others write in its order, and keep what is being typed", async () => {
    const { chat, cookie } = await enter();
    const ref = refOf(await world.send(chat, cards.evidence("zh-CN")));
    const { page, close } = await chatPage(cookie);
    const field = page.getByLabel("用一句话说说办了什么");
    await field.fill("报警器换");
    await world.send(chat, cards.help("zh-CN"));
    await turn(page, "这里是“传达”").waitFor();
    await world.platform.redraw({ platform: "web", chat }, ref, cards.evidence("en"), options);
    await page.getByText("Safety before").waitFor();
    await page.keyboard.type("好了");
    expect(await page.locator(".asks .field").inputValue()).toBe("报警器换好了");
    expect(await page.locator(".turn").first().getAttribute("id")).toBe(`m-${ref}`);
    expect(await page.locator(".turn .day").count()).toBe(1);
    await page.keyboard.press("Enter");
    await expect.poll(() => world.received.at(-1)?.what, SOON).toMatchObject({ kind: "press", text: "报警器换好了" });
    await close();
  });

  it("say in words when something was not sent, keep it, and send it when asked again", async () => {
    const { cookie } = await enter();
    const { page, close } = await chatPage(cookie);
    const problem = page.locator("[role=alert]");
    await page.context().setOffline(true);
    await page.getByLabel("您要说的话").fill("在吗");
    await page.getByRole("button", { name: "发送" }).click();
    await expect.poll(() => problem.textContent(), SOON).toContain("没发出去。请看看网络");
    await page.context().setOffline(false);
    world.working.on = () => Promise.reject(new Error("no database"));
    await page.getByRole("button", { name: "发送" }).click();
    await expect.poll(() => problem.textContent(), SOON).toContain("我们这边出错了");
    world.working.on = async () => {};
    await page.getByRole("button", { name: "发送" }).click();
    await expect.poll(() => problem.textContent(), SOON).toBe("");
    await turn(page, "在吗").waitFor();
    expect(await page.getByLabel("您要说的话").inputValue()).toBe("");
    expect(world.received.filter(({ what }) => what.kind === "text" && what.text === "在吗")).toHaveLength(1);
    await close();
  });

  it("say since when they are not live, and come back by themselves", async () => {
    const { chat, cookie } = await enter();
    const { page, close } = await chatPage(cookie);
    await page.waitForLoadState("networkidle").catch(() => {});
    await world.server.stop();
    await expect.poll(() => page.locator("[role=status]").textContent(), SOON).toMatch(/内容停在 \d\d:\d\d/);
    const again = await chatWorld(database.database.pool, { server: { port: world.server.port } });
    await again.send(chat, cards.empty("zh-CN"));
    await turn(page, "今天没有要您办的事").waitFor({ timeout: 15_000 });
    expect(await page.locator("[role=status]").isHidden()).toBe(true);
    await close();
    await again.server.stop();
  });
});
