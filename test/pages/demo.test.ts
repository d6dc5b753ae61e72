import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Program, start } from "../processes/program.ts";
import { hasBrowser, misfits, openBrowser, openPage, violations } from "./browser.ts";

/** What machines read depends on the colour, and not on the width. */
const WINDOWS = [
  { width: 1440, height: 1000, colorScheme: "light", read: true },
  { width: 390, height: 844, colorScheme: "dark", read: true },
  { width: 320, height: 640, colorScheme: "light", read: false },
] as const;

describe.skipIf(!hasBrowser())("the page of the demo", () => {
  const dataDir = mkdtempSync(join(tmpdir(), "chuanda-demo-"));
  let program: Program;
  let browser: Browser;
  let url: string;
  beforeAll(async () => {
    program = start(["demo", "--port", "0"], { DATA_DIR: dataDir });
    browser = await openBrowser();
    url = (await program.prints(/http:\/\/127\.0\.0\.1:\d+/, 100_000))[0];
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    program.signal("SIGINT");
    await program.ended;
    rmSync(dataDir, { recursive: true, force: true });
  });

  const demo = async (window: (typeof WINDOWS)[number] = WINDOWS[0]) => {
    const opened = await openPage(browser, { viewport: window, colorScheme: window.colorScheme }, null, url);
    await opened.page.goto(`${url}/demo`);
    return opened;
  };
  const phone = (page: Page, at: number) => page.locator(".ph").nth(at);
  const speak = async (language: string) => {
    const { page, close } = await demo();
    const button = page.locator(`button[name="language"][value="${language}"]`);
    if ((await button.count()) > 0) await Promise.all([page.waitForURL(/demo/), button.click()]);
    await close();
  };

  it.each(["zh-CN", "en"])(
    "suits people and machines in %s, on desks and phones",
    async (language) => {
      await speak(language);
      for (const window of WINDOWS) {
        const { page, complaints, close } = await demo(window);
        expect(await page.locator("html").getAttribute("lang")).toBe(language);
        expect([window.read ? await violations(page) : [], await misfits(page)], `${window.width}`).toEqual([[], []]);
        expect(complaints).toEqual([]);
        await close();
      }
    },
    120_000,
  );

  it("draws the card anew after a tap, counts the newcomer, and lets the tap be taken back", async () => {
    await speak("zh-CN");
    const { page, complaints, close } = await demo();
    const principal = phone(page, 1);
    await principal.locator('button[name="code"]').first().click();
    await principal.locator(".standing.done").waitFor();
    expect(await principal.locator(".standing.done").textContent()).toMatch(/^✅ 何德昌 .+ 已认领$/);
    await page.locator(".feed", { hasText: "礼州穗川木器厂认领" }).waitFor();
    await principal.locator('button[name="code"]', { hasText: "撤回" }).click();
    await principal.locator('button[name="code"]', { hasText: "我来负责" }).waitFor();
    expect(await principal.locator(".standing").count()).toBe(0);
    expect(complaints).toEqual([]);
    await close();
  }, 60_000);

  it("lets the official answer for a unit below, with a reason, in the same card", async () => {
    const { page, close } = await demo();
    const official = phone(page, 0);
    await official.locator('button[value="proxy"]').click();
    const first = official.locator(".items li").first();
    await first.waitFor();
    await first.locator("input[type=text]").fill("电话里确认过");
    await first.locator('button[name="code"]').click();
    await official.locator(".msg", { hasText: "由您代签" }).waitFor();
    await page.locator(".feed", { hasText: "由别人代签" }).waitFor();
    await close();
  }, 60_000);

  it("moves by itself while simulated people answer", async () => {
    const { page, close } = await demo();
    const before = Number(await page.locator(".n1").textContent());
    await expect
      .poll(async () => Number(await page.locator(".n1").textContent()), { timeout: 60_000 })
      .toBeGreaterThan(before);
    await close();
  }, 90_000);
});
