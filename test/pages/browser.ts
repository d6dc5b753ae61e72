import { readFileSync } from "node:fs";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { chromiumPath } from "../setup/chromium.ts";

/** Whether pages can be tried here; a run without a browser says so in its output. */
export const hasBrowser = (): boolean => {
  const found = chromiumPath() !== null;
  if (!found) console.warn("There is no Chromium here: the pages are NOT tested in a browser.");
  return found;
};

export const openBrowser = (): Promise<Browser> =>
  chromium.launch({ executablePath: chromiumPath() as string, args: ["--no-sandbox", "--disable-gpu"] });

const AXE = readFileSync("node_modules/axe-core/axe.min.js", "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** What axe finds wrong with a page as it stands. */
export const violations = async (page: Page, part = "html"): Promise<readonly string[]> => {
  await page.evaluate(AXE);
  return page.evaluate(
    async ({ part, runOnly }) => {
      const axe = (
        globalThis as unknown as {
          axe: {
            run: (
              what: unknown,
              how: unknown,
            ) => Promise<{ violations: { id: string; nodes: { target: unknown[]; failureSummary: string }[] }[] }>;
          };
        }
      ).axe;
      const { violations: found } = await axe.run(part, { runOnly });
      return found.map(
        ({ id, nodes }) => `${id} (${nodes.length}): ${nodes[0]?.target.join(" ")}: ${nodes[0]?.failureSummary}`,
      );
    },
    { part, runOnly: RULES },
  );
};

/** What a page shows that no finger hits well, and what stands out at its side. */
export const misfits = (page: Page): Promise<readonly string[]> =>
  page.evaluate(`(() => {
    const wide = document.documentElement.scrollWidth - innerWidth;
    const small = [...document.querySelectorAll("button, summary, a.btn, a.earlier, input:not([type=hidden])")]
      .filter((each) => each.offsetParent && (each.getBoundingClientRect().height < 40 || each.getBoundingClientRect().width < 40))
      .map((each) => each.outerHTML.slice(0, 80));
    return [...(wide > 0 ? [wide + " px too wide"] : []), ...small];
  })()`);

/** A page that notes every complaint of the browser: errors of scripts, and what the policy refused. */
export const openPage = async (
  browser: Browser,
  options: BrowserContextOptions,
  cookie: string | null,
  url: string,
) => {
  const context = await browser.newContext(options);
  const [name = "", value = ""] = cookie?.split("=") ?? [];
  if (cookie) await context.addCookies([{ name, value, url }]);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => message.type() !== "log" && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  return { page, complaints, close: () => context.close() };
};
