import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { type CellValue, writeXlsx } from "hucre";
import { afterAll, describe, expect, it } from "vitest";
import { openTables } from "../../src/files/open-tables.ts";
import { zip } from "./zip.ts";

const folder = mkdtempSync(join(tmpdir(), "chuanda-xlsx-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const file = (content: string | Uint8Array, name = "table.csv"): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

/** Every row of every table, or what is wrong, in short. */
const read = async (path: string): Promise<unknown> => {
  const opened = await openTables(path);
  if ("problems" in opened) return opened.problems.map(({ line, reason }) => [line, reason.kind]);
  const tables = opened.tables.map(async (table) => {
    const rows: unknown[] = [];
    for await (const part of table.rows())
      for (const row of part)
        rows.push("reason" in row ? [row.line, row.column, row.value, row.reason.kind] : [row.line, row.cells]);
    return { kind: table.kind, file: table.file.slice(folder.length + 1), rows };
  });
  return Promise.all(tables);
};

const workbook = (sheets: Readonly<Record<string, readonly (readonly CellValue[])[]>>, cells?: Map<string, object>) =>
  writeXlsx({
    sheets: Object.entries(sheets).map(([name, rows]) => ({
      name,
      rows: rows.map((row) => [...row]),
      ...(cells && { cells }),
    })),
  });

const HEADER = ["name", "unit", "post", "phone", "telegram"];

describe("a workbook", () => {
  it("is read like the CSV of the same table, whatever its file is called", async () => {
    const cell = fc.constantFrom("", "张三", "1", "O'Neill", '"引" 号', "Ａ,B", "138 0000 0001", "a\nb", "007", "１");
    const table = fc.array(fc.array(cell, { minLength: 5, maxLength: 5 }), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(table, async (rows) => {
        const all = [HEADER, ...rows];
        const quoted = all.map((row) => row.map((text) => `"${text.replaceAll('"', '""')}"`).join(","));
        const lines = (path: string) =>
          read(path).then((tables) => JSON.stringify(tables).replaceAll(/\[\d+,\{/g, "[{"));
        // A spreadsheet counts its rows, an editor the lines within them.
        expect(await lines(file(await workbook({ people: all })))).toBe(await lines(file(quoted.join("\r\n"))));
      }),
      { numRuns: 6 },
    );
  }, 120_000);

  it("gives phones and ids that were typed as numbers their digits, and refuses what a cell cannot keep", async () => {
    const rows = [
      HEADER,
      ["张三", 513401101001, "worker", 13800000001, 123456789012345],
      [],
      ["李四", "1", "worker", "007", 1234567890123456],
      ["王五", new Date("2026-01-02T00:00:00Z"), "worker", "#N/A", ""],
      ["赵六", "1", "worker", 2, ""],
    ];
    const formula = new Map([["5,3", { formula: "1+1", formulaResult: 2 }]]);
    expect(await read(file(await workbook({ Sheet1: rows }, formula)))).toMatchObject([
      {
        kind: "people",
        rows: [
          [2, { unit: "513401101001", phone: "13800000001", telegram: "123456789012345" }],
          [4, "telegram", "1234567890123456", "cell-digits"],
          [5, "unit", "2026-01-02", "cell-date"],
          [5, "phone", "#N/A", "cell-error"],
          [6, "phone", "2", "cell-formula"],
        ],
      },
    ]);
  });

  it("holds units and people in sheets of these names, in either language; else its first sheet counts", async () => {
    const people = [
      ["name", "unit", "post"],
      ["张三", "1", "worker"],
    ];
    const units = [
      ["code", "name", "kind", "parent"],
      ["1", "县", "authority", ""],
    ];
    expect(await read(file(await workbook({ 说明: [["x"]], 人员: people, Units: units })))).toMatchObject([
      { kind: "people", file: "table.csv[人员]", rows: [[2, { name: "张三" }]] },
      { kind: "units", file: "table.csv[Units]", rows: [[2, { code: "1" }]] },
    ]);
    expect(await read(file(await workbook({ a: people, b: [["x"]] })))).toMatchObject([{ kind: "people" }]);
    expect(await read(file(await workbook({ a: [["x"]], b: people })))).toEqual([[1, "unknown-table"]]);
  });
});

const WORKBOOK = { name: "xl/workbook.xml", data: Buffer.from("<workbook/>") };
const OLE = Buffer.from("d0cf11e0a1b11ae1", "hex");

describe("a file that is no honest workbook is refused with one sentence", () => {
  const cases: readonly (readonly [string, () => Uint8Array | Promise<Uint8Array>, string])[] = [
    ["a bomb", () => zip([WORKBOOK, { name: "a", data: Buffer.alloc(60_000_000) }]), "spreadsheet-too-much"],
    [
      "a bomb that lies about its size",
      () => zip([WORKBOOK, { name: "a", data: Buffer.alloc(60_000_000), claimed: 10 }]),
      "spreadsheet-broken",
    ],
    [
      "many small bombs",
      () => zip(Array.from({ length: 9 }, (_, at) => ({ name: `a${at}`, data: Buffer.alloc(6_000_000) }))),
      "spreadsheet-too-much",
    ],
    [
      "too many entries",
      () => zip(Array.from({ length: 201 }, (_, at) => ({ name: `a${at}`, data: Buffer.alloc(1) }))),
      "spreadsheet-too-much",
    ],
    [
      "a name that leads out of it",
      () => zip([WORKBOOK, { name: "../x", data: Buffer.alloc(1) }]),
      "spreadsheet-broken",
    ],
    ["a name twice", () => zip([WORKBOOK, WORKBOOK]), "spreadsheet-broken"],
    ["an encrypted entry", () => zip([{ ...WORKBOOK, encrypted: true }]), "spreadsheet-locked"],
    ["nothing but a workbook's name", () => zip([WORKBOOK]), "spreadsheet-broken"],
    ["an archive cut short", async () => (await workbook({ a: [HEADER] })).slice(0, -100), "spreadsheet-broken"],
    ["an ODS, or any other archive", () => zip([{ name: "content.xml", data: Buffer.alloc(9) }]), "spreadsheet-other"],
    ["an XLS", () => Buffer.concat([OLE, Buffer.alloc(600)]), "spreadsheet-other"],
    [
      "a workbook with a password",
      () => Buffer.concat([OLE, Buffer.alloc(600), Buffer.from("EncryptedPackage", "utf16le")]),
      "spreadsheet-locked",
    ],
  ];

  it.each(cases)("%s", async (_, make, reason) => {
    const path = file(await make(), "staff.xlsx");
    const before = process.memoryUsage.rss();
    expect(await read(path)).toEqual([[null, reason]]);
    expect(process.memoryUsage.rss() - before).toBeLessThan(150_000_000);
  });

  it("one of more than 20 MB, which is not even read", async () => {
    const path = file("PK\x03\x04", "large.xlsx");
    truncateSync(path, 21 * 1024 * 1024);
    expect(await read(path)).toEqual([[null, "spreadsheet-large"]]);
  });
});
