import { it } from "vitest";
import { cards } from "../platforms/web/cards.ts";
import { chatWorld } from "../platforms/web/chat-world.ts";
import { freshEmbedded } from "../setup/database.ts";
import { openBrowser, openPage } from "./browser.ts";
it("debug", async () => {
  const { database, drop } = await freshEmbedded();
  const world = await chatWorld(database.pool);
  const browser = await openBrowser();
  const { chat, cookie } = await world.enter(await world.person({ name: "周建国", unit: "石桥木业", large: false }));

  const { page, complaints } = await openPage(browser, { viewport: { width: 390, height: 844 } }, cookie, world.url);
  await page.goto(`${world.url}/chat`); console.log(Math.round(performance.now()), 'page.goto(`${world.url}/chat`);');
  console.log(await page.evaluate(`[document.documentElement.scrollWidth, ...[...document.querySelectorAll("*")].filter(e => e.getBoundingClientRect().right > innerWidth + 1).slice(0,12).map(e => e.tagName + "." + e.className + " " + Math.round(e.getBoundingClientRect().right) + " " + (e.textContent||"").trim().slice(0,30))].join("\\n")`));
  await page.screenshot({ path: "/tmp/shots/large320.png" }); console.log(Math.round(performance.now()), 'page.screenshot({ path: "/tmp/shots/large320.png" });');
  await page.locator(".menu summary").click(); console.log(Math.round(performance.now()), 'page.locator(".menu summary").click();');
  await page.screenshot({ path: "/tmp/shots/large320-menu.png" }); console.log(Math.round(performance.now()), 'page.screenshot({ path: "/tmp/shots/large320-menu.png" });');
  console.log(await page.evaluate(`[document.documentElement.scrollWidth, ...[...document.querySelectorAll("*")].filter(e => e.getBoundingClientRect().right > innerWidth + 1).slice(0,12).map(e => e.tagName + "." + e.className + " " + Math.round(e.getBoundingClientRect().right) + " " + (e.textContent||"").trim().slice(0,30))].join("\\n")`));
  await page.keyboard.press("Escape"); console.log(Math.round(performance.now()), 'page.keyboard.press("Escape");');
  await page.context().setOffline(true); console.log(Math.round(performance.now()), 'page.context().setOffline(true);');
  await page.getByLabel("您要说的话").fill("在吗"); console.log(Math.round(performance.now()), 'page.getByLabel("您要说的话").fill("在吗");');
  await page.getByRole("button", { name: "发送" }).click(); console.log(Math.round(performance.now()), 'page.getByRole("button", { name: "发送" }).click();');
  await page.waitForTimeout(1000); console.log(Math.round(performance.now()), 'page.waitForTimeout(1000);');
  console.log(await page.evaluate(`[document.querySelector(".problem").textContent, document.querySelector(".stale").textContent, document.querySelector(".in").ariaBusy]`), complaints);
  await page.context().setOffline(false); console.log(Math.round(performance.now()), 'page.context().setOffline(false);');
  await page.getByRole("button", { name: "发送" }).click(); console.log(Math.round(performance.now()), 'page.getByRole("button", { name: "发送" }).click();');
  await page.waitForTimeout(1000); console.log(Math.round(performance.now()), 'page.waitForTimeout(1000);');
  world.working.on = () => Promise.reject(new Error("no database"));
  await page.getByLabel("您要说的话").fill("在吗2"); console.log(Math.round(performance.now()), 'page.getByLabel("您要说的话").fill("在吗2");');
  await page.getByRole("button", { name: "发送" }).click(); console.log(Math.round(performance.now()), 'page.getByRole("button", { name: "发送" }).click();');
  await page.waitForTimeout(1000); console.log(Math.round(performance.now()), 'page.waitForTimeout(1000);');
  await page.screenshot({ path: "/tmp/shots/problem.png" }); console.log(Math.round(performance.now()), 'page.screenshot({ path: "/tmp/shots/problem.png" });');
  console.log(await page.evaluate(`[document.querySelector(".problem").textContent, document.querySelector(".stale").textContent, document.querySelector(".in").getAttribute("aria-busy"), document.querySelectorAll(".theirs").length]`), complaints);
  world.working.on = async () => {};
  await page.getByRole("button", { name: "发送" }).click({ timeout: 3000 }).catch((e) => console.log(String(e))); console.log(Math.round(performance.now()), 'page.getByRole("button", { name: "发送" }).click({ timeout: 30');
  for (let i = 0; i < 3; i++) { await page.waitForTimeout(1000);
  console.log(i, await page.evaluate(`[document.querySelector(".problem").textContent, document.querySelector(".stale").textContent, document.querySelector(".in").getAttribute("aria-busy"), document.querySelectorAll(".theirs").length]`), complaints); }
  await browser.close(); await world.close(); await drop(); console.log(Math.round(performance.now()), 'browser.close(); await world.close(); await drop();');
}, 120_000);
