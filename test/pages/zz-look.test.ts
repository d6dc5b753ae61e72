import { chromium } from "playwright-core";
import { it } from "vitest";
import { cards } from "../platforms/web/cards.ts";
import { chatWorld } from "../platforms/web/chat-world.ts";
import { chromiumPath } from "../setup/chromium.ts";
import { freshEmbedded } from "../setup/database.ts";

it("look", async () => {
  const { database, drop } = await freshEmbedded();
  const world = await chatWorld(database.pool);
  const browser = await chromium.launch({ executablePath: chromiumPath() as string, args: ["--no-sandbox"] });
  for (const locale of ["zh-CN", "en"] as const) {
    const id = await world.person({
      name: locale === "en" ? "Zhou Jianguo" : "周建国",
      unit: locale === "en" ? "Shiqiao Timber" : "石桥木业",
      locale,
    });
    const { chat, cookie } = await world.enter(id);
    const order = ["late", "proxy", "todo", "help", "evidence", "overdue", "foreignNotice", "done", "notice"] as const;
    for (const name of order) await world.send(chat, cards[name](locale));
    await world.post(
      "/chat/say",
      { text: locale === "en" ? "What counts as a dead alarm?" : "什么算“停用的报警器”？" },
      { cookie },
    );
    for (const [w, h, theme] of [
      [390, 844, "light"],
      [1440, 900, "dark"],
      [390, 3800, "light"],
    ] as const) {
      const context = await browser.newContext({ viewport: { width: w, height: h }, colorScheme: theme });
      const [name, value] = cookie.split("=");
      await context.addCookies([{ name: name as string, value: value as string, url: world.url }]);
      const page = await context.newPage();
      page.on("console", (m) => console.log(m.type(), m.text()));
      page.on("pageerror", (e) => console.log("pageerror", e));
      await page.goto(`${world.url}/chat`);
      await page.waitForTimeout(300);
      await page.screenshot({ path: `/tmp/shots/chat-${locale}-${w}x${h}-${theme}.png` });
      if (h > 2000)
        for (const i of [0, 1, 2, 3])
          await page.screenshot({
            path: `/tmp/shots/tall-${locale}-${i}.png`,
            clip: { x: 0, y: i * 950, width: 390, height: 950 },
          });
      if (h < 2000) {
        await page.click(".menu summary");
        await page.screenshot({ path: `/tmp/shots/menu-${locale}-${w}-${theme}.png` });
      }
      if (w === 390 && h === 844) {
        await page.goto(world.url + (await world.link(id)));
        await page.screenshot({ path: `/tmp/shots/enter-${locale}.png` });
        await page.goto(world.url + "/nowhere");
        await page.screenshot({ path: `/tmp/shots/404-${locale}.png` });
      }
      await context.close();
    }
  }
  console.log(JSON.stringify(world.log.entries));
  await browser.close();
  await world.close();
  await drop();
}, 120_000);
