import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ImportWorld, importWorld, inShort, PEOPLE, UNITS } from "../importing/import-world.ts";

let world: ImportWorld;
beforeAll(async () => {
  world = await importWorld("postgres");
});
afterAll(() => world.drop());

const ROOT = "1,县,authority,,,,,,,";
const GOOD = [UNITS, ROOT];
const person = (row: string) => ({ "units.csv": GOOD, "people.csv": [PEOPLE, row] });
const unit = (...rows: readonly string[]) => ({ "units.csv": [UNITS, ROOT, ...rows] });

describe("a bad row is told with its file, line, column, value and reason", () => {
  it.each([
    ["an unknown parent", unit("2,厂,enterprise,9,,,,,,"), [`units.csv:3 parent "9" unknown-parent`]],
    ["a second root", unit("2,厂,enterprise,,,,,,,"), [`units.csv:3 parent "" second-root`]],
    ["a code that is there twice", unit("1,厂,enterprise,1,,,,,,"), [`units.csv:3 code "1" duplicate-code`]],
    ["a unit above itself", unit("2,厂,enterprise,2,,,,,,"), [`units.csv:3 parent "2" cycle`]],
    [
      "a cycle of three, once",
      unit("2,甲,enterprise,4,,,,,,", "3,乙,enterprise,2,,,,,,", "4,丙,enterprise,3,,,,,,"),
      [`units.csv:3 parent "4" cycle`],
    ],
    ["an unknown kind", unit("2,厂,factory,1,,,,,,"), [`units.csv:3 kind "factory" unknown-word`]],
    ["no kind", unit("2,厂,,1,,,,,,"), [`units.csv:3 kind "" empty`]],
    ["an unknown industry", unit("2,厂,enterprise,1,,gas;magic,,,,"), [`units.csv:3 industry "magic" unknown-word`]],
    ["an unknown site type", unit("2,厂,site,1,,,moon,,,"), [`units.csv:3 site_types "moon" unknown-word`]],
    ["an unknown grade", unit("2,厂,enterprise,1,,,,E,,"), [`units.csv:3 grade "E" unknown-word`]],
    ["an unknown status", unit("2,厂,enterprise,1,,,,,,gone"), [`units.csv:3 status "gone" unknown-word`]],
    [
      "a word that is neither yes nor no",
      unit("2,厂,enterprise,1,,,,,maybe,"),
      [`units.csv:3 watch "maybe" unknown-word`],
    ],
    ["a code with a space", unit("2 x,厂,enterprise,1,,,,,,"), [`units.csv:3 code "2 x" bad-code`]],
    ["a division that is no number", unit("2,厂,enterprise,1,51A,,,,,"), [`units.csv:3 division "51A" bad-division`]],
    ["a unit without a name", unit("2,,enterprise,1,,,,,,"), [`units.csv:3 name "" empty`]],
    ["an unknown post", person("张三,1,boss,,,,,,,,"), [`people.csv:2 post "boss" unknown-word`]],
    ["an unknown unit", person("张三,7,official,,,,,,,,"), [`people.csv:2 unit "7" unknown-unit`]],
    ["a phone that is none", person("张三,1,official,,12345,,,,,,"), [`people.csv:2 phone "12345" bad-phone`]],
    ["a Telegram name", person("张三,1,official,,,@zhang,,,,,"), [`people.csv:2 telegram "@zhang" bad-id`]],
    ["a Telegram group", person("张三,1,official,,,-100123,,,,,"), [`people.csv:2 telegram "-100123" bad-id`]],
    ["a Slack channel", person("张三,1,official,,,,C012AB3CD,,,,"), [`people.csv:2 slack "C012AB3CD" bad-id`]],
    ["a Feishu chat", person("张三,1,official,,,,,oc_123,,,"), [`people.csv:2 feishu "oc_123" bad-id`]],
    ["all of a WeCom", person("张三,1,official,,,,,,,@all,"), [`people.csv:2 wecom "@all" bad-id`]],
    ["an unknown language", person("张三,1,official,xx,,,,,,,"), [`people.csv:2 locale "xx" unknown-word`]],
    [
      "a web cell that is neither yes nor no",
      person("张三,1,official,,,,,,,,1"),
      [`people.csv:2 web "1" unknown-word`],
    ],
    ["a person without a name", person(",1,official,,,,,,,,"), [`people.csv:2 name "" empty`]],
    [
      "one phone with two names",
      {
        "units.csv": GOOD,
        "people.csv": [PEOPLE, "张三,1,official,,13800000001,,,,,,", "李四,1,worker,,13800000001,,,,,,"],
      },
      [`people.csv:3 phone "+8613800000001" phone-of-another`],
    ],
    [
      "one account with two names",
      { "units.csv": GOOD, "people.csv": [PEOPLE, "张三,1,official,,,77,,,,,", "李四,1,worker,,,77,,,,,"] },
      [`people.csv:3 telegram "77" account-of-another`],
    ],
    [
      "namesakes in one post of whom one has no phone",
      {
        "units.csv": GOOD,
        "people.csv": [
          PEOPLE,
          "张三,1,worker,,13800000001,,,,,,",
          "张三,1,worker,,13800000002,,,,,,",
          "张三,1,worker,,,,,,,,",
        ],
      },
      [`people.csv:4 name "张三" cannot-tell-apart`],
    ],
    ["too few cells", unit("2,厂"), ["units.csv:3 cell-count"]],
    ["too many cells", unit("2,厂,enterprise,1,,,,,,,,"), ["units.csv:3 cell-count"]],
    ["a quotation mark within a cell", unit('2,厂"房,enterprise,1,,,,,,'), ["units.csv:3 broken-quote"]],
    ["a quotation mark that is never closed", unit('2,"厂,enterprise,1,,,,,,'), ["units.csv:3 broken-quote"]],
    [
      "bytes that are neither UTF-8 nor GB18030",
      { "units.csv": Buffer.concat([Buffer.from(`${UNITS}\n${ROOT}\n2,`), Buffer.from([0xb3, 0xff])]) },
      ["units.csv:3 not-text"],
    ],
    ["an empty file", { "units.csv": "" }, ["units.csv empty-file"]],
    ["another table", { "a.csv": ["id,colour", "1,red"] }, [`a.csv:1 "id,colour" unknown-table`]],
    ["no column for the parent", { "units.csv": ["code,name,kind"] }, ["units.csv:1 parent missing-column"]],
    ["a column twice", { "units.csv": [`${UNITS},code`] }, ["units.csv:1 code repeated-column"]],
  ])("%s", async (_, tables, problems) => {
    expect(inShort(await world.import(tables))).toEqual(problems);
    expect(await world.db.unit.count()).toBe(0);
    expect(await world.db.stagedRow.count()).toBe(0);
  });
});

describe("many bad rows", () => {
  it("are all told, of all files, in the order in which one mends them", async () => {
    const result = await world.import({
      "people.csv": [PEOPLE, "张三,3,boss,,,,,,,,", "李四,1,official,,1,,,,,,"],
      "units.csv": [UNITS, ROOT, "2,厂,factory,1,,,,F,,", "3,店,enterprise,2,,,,,,", "4,矿,enterprise,9,,,,,,"],
    });
    expect(inShort(result)).toEqual([
      `people.csv:2 post "boss" unknown-word`,
      `people.csv:3 phone "1" bad-phone`,
      `units.csv:3 kind "factory" unknown-word`,
      `units.csv:3 grade "F" unknown-word`,
      `units.csv:5 parent "9" unknown-parent`,
    ]);
  });

  it("are fifty, and the rest is counted", async () => {
    const bad = Array.from({ length: 1300 }, (_, at) => `人${at},1,boss,,,,,,,,`);
    const result = await world.import({ "units.csv": GOOD, "people.csv": [PEOPLE, ...bad] });
    expect(result).toMatchObject({ kind: "refused", more: 1250 });
    expect(inShort(result).length).toBe(50);
    expect(inShort(result)[49]).toBe(`people.csv:51 post "boss" unknown-word`);
  });

  it("say where the other one of a pair stands", async () => {
    const result = await world.import(unit("1,厂,enterprise,1,,,,,,"));
    const [only] = result.kind === "refused" ? result.problems : [];
    expect(only?.reason.values.other).toMatch(/units\.csv:2$/);
  });

  it("of files that cannot be opened are told together", async () => {
    const result = await world.import({ "a.csv": ["x"], "b.csv": "" });
    expect(inShort(result)).toEqual([`a.csv:1 "x" unknown-table`, "b.csv empty-file"]);
  });
});

it("a file that changes while it is read changes nothing", async () => {
  const tables = { "units.csv": GOOD, "people.csv": [PEOPLE, "张三,1,official,,,,,,,,yes"] };
  const result = await world.import(tables, {
    progress: ({ phase }) => {
      if (phase === "checking")
        world.write("people.csv", `${PEOPLE}\n李四,1,official,,,,,,,,yes\n王五,1,worker,,,,,,,,\n`);
    },
  });
  expect(inShort(result)).toEqual(["people.csv file-changed"]);
  expect(await world.db.person.count()).toBe(0);
});
