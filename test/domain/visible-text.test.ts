import { expect, it } from "vitest";
import { visibleLines, visibleText } from "../../src/domain/visible-text.ts";

it("leaves out what cannot be seen, and not what makes one picture of several", () => {
  const pictures = ["👩‍🚒", "👩🏽‍🚒", "🏳️‍🌈", "👨‍👩‍👧"];
  for (const picture of pictures) {
    expect(visibleText(` ${picture}\u200b李\u202e娜\u200d `)).toBe(`${picture}李娜`);
    expect(visibleLines(`${picture}\n\u200d李`)).toBe(`${picture}\n李`);
  }
  expect(visibleText("a\u200db\u200d👩 👩\u200d")).toBe("ab👩 👩");
});
