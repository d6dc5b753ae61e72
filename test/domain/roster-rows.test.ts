import { describe, expect, it } from "vitest";
import type { Cells } from "../../src/domain/roster-cells.ts";
import { mergeRow } from "../../src/domain/roster-merge.ts";
import { type PersonRow, readPerson } from "../../src/domain/roster-person.ts";
import { readUnit } from "../../src/domain/roster-unit.ts";

const at = { file: "f.csv", line: 7 };
const unit = (cells: Cells) => readUnit(at, { code: "1", name: "县", kind: "authority", ...cells });
const person = (cells: Cells) =>
  readPerson(at, { name: "张三", unit: "1", post: "official", ...cells }, (code) => code === "1");

const blamed = (read: ReturnType<typeof unit> | ReturnType<typeof person>) =>
  read.kind === "wrong" ? read.problems.map(({ column, value, reason }) => [column, value, reason.kind]) : read.kind;

const read = (cells: Cells): PersonRow => {
  const row = person(cells);
  if (row.kind === "wrong") throw new Error(JSON.stringify(row.problems));
  return row.person;
};

describe("a row of units", () => {
  it("says nothing about columns that the file does not have, and takes empty cells for what they are", () => {
    expect(unit({})).toMatchObject({ unit: { parent: null, facts: { name: "县", kind: "authority" } } });
    const lacking = unit({});
    expect(lacking.kind === "unit" && Object.keys(lacking.unit.facts)).toEqual(["name", "kind"]);
    expect(unit({ division: "", industry: "", site_types: "", grade: "", watch: "", status: "" })).toMatchObject({
      unit: { facts: { division: null, industries: [], siteTypes: [], grade: null, watch: false, status: "active" } },
    });
  });

  it("takes words separated by semicolons of either width, each once", () => {
    expect(unit({ industry: "gas； hazchem;gas;" })).toMatchObject({
      unit: { facts: { industries: ["gas", "hazchem"] } },
    });
  });

  it("loses what cannot be seen, and is shown as written otherwise", () => {
    expect(unit({ name: " \u202e西昌\u200b市　（本级）\u0000 " })).toMatchObject({
      unit: { facts: { name: "西昌市 （本级）" } },
    });
  });

  it("tells every cell that is wrong, and still its code", () => {
    const wrong = unit({ kind: "boss", parent: "a b", grade: "a", division: "x", watch: "ja", status: "?" });
    expect(blamed(wrong)).toEqual([
      ["kind", "boss", "unknown-word"],
      ["parent", "a b", "bad-code"],
      ["division", "x", "bad-division"],
      ["grade", "a", "unknown-word"],
      ["watch", "ja", "unknown-word"],
      ["status", "?", "unknown-word"],
    ]);
    expect(wrong.kind === "wrong" && wrong.code).toBe("1");
  });

  it("has a name and a code of a length that people can read", () => {
    expect(blamed(unit({ name: "名".repeat(201) }))).toEqual([["name", "名".repeat(60), "too-long"]]);
    expect(blamed(unit({ code: "1".repeat(65) }))).toEqual([["code", "1".repeat(60), "too-long"]]);
  });
});

describe("a row of people", () => {
  it("reads what it holds", () => {
    expect(
      read({ locale: "zh", phone: "138 0000 0001", telegram: "77", wecom: "zs", web: "yes", post: "deputy:worker" }),
    ).toEqual({
      ...{
        at,
        name: "张三",
        unit: "1",
        post: "worker",
        deputy: true,
        locale: "zh-CN",
        phone: "+8613800000001",
        web: true,
      },
      accounts: [
        { platform: "telegram", address: "77" },
        { platform: "wecom", address: "zs" },
      ],
    });
  });

  it.each(["O'Neill", "阿依·木呷", "買買提", "Ａ，B", "=1+1", "<b>", "null", "{x}", "🙂"])(
    "takes %s for a name",
    (name) => {
      expect(read({ name }).name).toBe(name);
    },
  );

  it("tells every cell that is wrong", () => {
    const wrong = person({
      name: " \u200b ",
      unit: "2",
      post: "deputy:boss",
      locale: "fr",
      phone: "1",
      slack: "x",
      web: "?",
    });
    expect(blamed(wrong)).toEqual([
      ["name", "", "empty"],
      ["unit", "2", "unknown-unit"],
      ["post", "deputy:boss", "unknown-word"],
      ["locale", "fr", "unknown-word"],
      ["phone", "1", "bad-phone"],
      ["slack", "x", "bad-id"],
      ["web", "?", "unknown-word"],
    ]);
  });
});

describe("the rows of one person together", () => {
  it("tell everything once, and what an earlier row says goes before", () => {
    const rows = [
      read({ telegram: "77" }),
      read({ locale: "en", phone: "13800000001", telegram: "77", slack: "U012AB3CD" }),
      read({ locale: "zh", post: "worker", web: "yes" }),
    ];
    expect(rows.reduce<ReturnType<typeof mergeRow> | undefined>(mergeRow, undefined)).toEqual({
      ...{ name: "张三", locale: "en", phone: "+8613800000001", web: true },
      accounts: [
        { platform: "telegram", address: "77" },
        { platform: "slack", address: "U012AB3CD" },
      ],
      posts: [
        { unit: "1", post: "official", deputy: false },
        { unit: "1", post: "worker", deputy: false },
      ],
    });
  });
});
