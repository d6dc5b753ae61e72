import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { guarded, unguarded } from "../../src/files/formula-guard.ts";
import { writeSheet } from "../../src/files/write-sheet.ts";
import { xlsxSheet } from "../../src/files/write-xlsx.ts";
import type { Cell, Sheet } from "../../src/ports/sheet.ts";
import { bytesOf, unzip } from "./sheets.ts";

const HOSTILE = [
  ..."=1+1 +1 -1 @SUM(A1) ＝1 ＋1 －1 ＠1".split(" "),
  ...[
    "\t=1",
    "\rx",
    "\nx",
    " =1",
    "\u3000@x",
    "'=1",
    "''+1",
    "' -1",
    "'plain",
    '=HYPERLINK("http://x")',
    '=cmd|"/c calc"!A1',
  ],
  ...["张三", "O'Neill", '他说"好"', "a,b", "", "_x000D_", "<b>&amp;", "a\u0001b", "\uffff", "第一行\n第二行"],
];
const text = fc.oneof(
  fc.constantFrom(...HOSTILE),
  fc.string({ unit: fc.constantFrom(..."'=+-@＝ \t\r\n\"a中") }),
  fc.string(),
);

const sheet = (header: readonly string[], ...pages: readonly (readonly (readonly Cell[])[])[]): Sheet => ({
  name: "表",
  header,
  pages: (async function* () {
    yield* pages;
  })(),
});

describe("the apostrophe before what could run as a formula", () => {
  it("stands before exactly that, and comes off again whatever it stood before", () => {
    fc.assert(
      fc.property(text, (words) => {
        const cell = guarded(words);
        expect(unguarded(cell)).toBe(words);
        expect(cell.trimStart()).not.toMatch(/^[=+\-@＝＋－＠]/u);
        expect(cell).not.toMatch(/^[\t\r\n]/u);
        expect([words, `'${words}`]).toContain(cell);
      }),
      { numRuns: 500 },
    );
    expect(["张三", "O'Neill", "13800000000", "'plain", "a=b"].map(guarded)).toEqual([
      ...["张三", "O'Neill", "13800000000", "'plain", "a=b"],
    ]);
  });
});

describe("a table as CSV", () => {
  it("is UTF-8 with a mark, CRLF after every record, numbers bare and text safe", async () => {
    const csv = await bytesOf(writeSheet("csv", sheet(["名称", "数"], [["=1+1", -1]], [], [['a,"b"\nc', null]])));
    expect(csv.toString("utf8")).toBe(`\ufeff名称,数\r\n'=1+1,-1\r\n"a,""b""\nc",\r\n`);
  });

  it("is read by another reader as it was written, but for the apostrophe", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(text, fc.integer(), text), { minLength: 1, maxLength: 8 }), async (rows) => {
        const csv = await bytesOf(writeSheet("csv", sheet(["a", "b", "c"], rows.slice(0, 2), rows.slice(2))));
        const read: string[][] = parse(csv, { bom: true, record_delimiter: "\r\n", from: 2, relax_column_count: true });
        expect(read).toEqual(rows.map(([a, b, c]) => [guarded(a), String(b), guarded(c)]));
      }),
      { numRuns: 60 },
    );
  });
});

/** The cells of a worksheet's XML: whether they are text, and what stands in them, undone as a reader does. */
const cellsIn = (xml: string) =>
  [...xml.matchAll(/<c r="[A-Z]+\d+"(?: t="(\w+)")?>(?:<is><t[^>]*>([^<]*)<\/t><\/is>|<v>([^<]*)<\/v>)<\/c>/gu)].map(
    ([, type, words, number]) =>
      type === "inlineStr"
        ? (words ?? "")
            .replace(/&(lt|gt|quot|amp);/gu, (_, name: string) => ({ lt: "<", gt: ">", quot: '"' })[name] ?? "&")
            .replace(/_x([0-9A-F]{4})_/giu, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
        : Number(number),
  );

describe("a table as XLSX", () => {
  it("holds text as text and numbers as numbers, and no formula anywhere", async () => {
    const rows = HOSTILE.map((words, at): readonly Cell[] => [words === "" ? "x" : words, at - 5]);
    const parts = await unzip(await bytesOf(writeSheet("xlsx", sheet(["=头", "数"], rows))));
    expect([...parts.keys()].filter((name) => /sheet\d/u.test(name))).toEqual(["xl/worksheets/sheet1.xml"]);
    const xml = parts.get("xl/worksheets/sheet1.xml") ?? "";
    expect(xml).not.toMatch(/<f[ >/]/u);
    expect(xml).not.toMatch(/<c [^>]*t="(?!inlineStr")/u);
    expect(cellsIn(xml)).toEqual(["=头", "数", ...rows.flat()].map((cell) => (cell === "\uffff" ? "\ufffd" : cell)));
    for (const other of parts.values()) expect(other).not.toMatch(/definedName|externalLink|<f>/u);
  });

  it("goes on in the next sheet where one is full, under the same header", async () => {
    const rows = ["一", "二", "三", "四", "五"].map((word) => [word]);
    const parts = await unzip(await bytesOf(xlsxSheet(sheet(["头"], rows), { maxRowsPerSheet: 3 })));
    const sheets = [...parts].filter(([name]) => /worksheets\/sheet/u.test(name)).map(([, xml]) => cellsIn(xml));
    expect(sheets).toEqual([
      ["头", "一", "二"],
      ["头", "三", "四"],
      ["头", "五"],
    ]);
    expect(parts.get("xl/workbook.xml")).toMatch(/name="表".*name="表_2".*name="表_3"/su);
  });

  it("asks for no more rows than are taken, and ends its source when nobody wants more", async () => {
    let asked = 0;
    let ended = false;
    const pages = (async function* () {
      try {
        for (;;) {
          asked += 1;
          yield Array.from({ length: 500 }, (_, at) => [`${asked} ${at} ${Math.random()}`]);
        }
      } finally {
        ended = true;
      }
    })();
    let bytes = 0;
    for await (const chunk of writeSheet("xlsx", { name: "x", header: ["a"], pages })) {
      bytes += chunk.length;
      if (bytes > 100_000) break;
    }
    expect(asked).toBeLessThan(200);
    await expect.poll(() => ended).toBe(true);
  });
});
