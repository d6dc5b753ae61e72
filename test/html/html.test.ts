import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, it } from "vitest";
import { type Html, html, toMarkup } from "../../src/html/html.ts";

/** What a browser makes of our entities. */
const withoutEntities = (text: string): string =>
  text.replace(
    /&(amp|lt|gt|quot|#39);/g,
    (_, name: string) => ({ amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" })[name] ?? "",
  );

it("lets no word open a tag, end an attribute or begin an entity, and loses none", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (words) => {
      const text = toMarkup(html`${words}`);
      expect(text).not.toMatch(/[<>"']/);
      expect(text.replace(/&(amp|lt|gt|quot|#39);/g, "")).not.toContain("&");
      expect(withoutEntities(text)).toBe(words);
    }),
  );
});

it("escapes what is nested in lists and templates exactly once", () => {
  fc.assert(
    fc.property(fc.array(fc.string()), (list) => {
      const parts = list.map((words) => html`<i title="${words}">${words}</i>`);
      const once = list.map((words) => toMarkup(html`${words}`)).map((text) => `<i title="${text}">${text}</i>`);
      expect(toMarkup(html`<p>${parts}</p>`)).toBe(`<p>${once.join("")}</p>`);
    }),
  );
});

it("writes numbers, and nothing for null and false", () => {
  expect(toMarkup(html`${1}${2n}${null}${false}${[3, null]}`)).toBe("123");
});

it("does not take data that came as JSON for markup", () => {
  const forged = JSON.parse('{"html":"<script>","Symbol(html)":"<script>"}') as Html;
  expect(() => toMarkup(html`${forged}`)).toThrow();
  expect(toMarkup(html`${String(forged)}`)).not.toContain("<");
});

it("quotes every attribute that a template puts a value into", () => {
  const folders = ["src/html", "src/web", "src/platforms/web"];
  const files = folders.flatMap((folder) => readdirSync(folder).map((file) => `${folder}/${file}`));
  const templates = files
    .filter((file) => file.endsWith(".ts"))
    .map((file) => ({ file, source: readFileSync(file, "utf8") }))
    .filter(({ source }) => source.includes("html`"));
  expect(templates.length).toBeGreaterThan(8);
  const unquoted = templates.flatMap(({ file, source }) =>
    [...source.matchAll(/\s[a-z-]+=\$\{[^}]*\}/g)].map(([found]) => `${file}: ${found}`),
  );
  expect(unquoted).toEqual([]);
});
