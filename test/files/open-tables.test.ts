import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import type { Problem } from "../../src/domain/problem.ts";
import { openTables } from "../../src/files/open-tables.ts";
import type { TableRow } from "../../src/ports/table.ts";

const folder = mkdtempSync(join(tmpdir(), "chuanda-table-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const file = (content: string | Uint8Array): string => {
  const path = join(folder, "table.csv");
  writeFileSync(path, content);
  return path;
};

const open = async (content: string | Uint8Array) => {
  const opened = await openTables(file(content));
  const [table] = "tables" in opened ? opened.tables : [];
  if (!table) throw new Error(JSON.stringify(opened));
  return table;
};

const rowsOf = async (content: string | Uint8Array): Promise<readonly (TableRow | Problem)[]> => {
  const rows: (TableRow | Problem)[] = [];
  for await (const part of (await open(content)).rows()) rows.push(...part);
  return rows;
};

const wrong = async (content: string | Uint8Array) => {
  const opened = await openTables(file(content));
  return "problems" in opened ? opened.problems.map(({ line, column, reason }) => [line, column, reason.kind]) : [];
};

describe("which table it is", () => {
  it("its header tells, in any order and any capitals", async () => {
    expect((await open("Parent, KIND ,name,code\n")).kind).toBe("units");
    expect((await open("\ufeffpost,unit,name\r\n")).kind).toBe("people");
    expect(await rowsOf("post,unit,name\nofficial,1,张三\n")).toEqual([
      { line: 2, cells: { post: "official", unit: "1", name: "张三" } },
    ]);
  });

  it("columns that nobody knows are told and not read", async () => {
    const content = "name,colour,unit,post,\n张三,red,1,official,\n";
    expect((await open(content)).unknown).toEqual(["colour"]);
    expect(await rowsOf(content)).toEqual([{ line: 2, cells: { name: "张三", unit: "1", post: "official" } }]);
  });

  it.each([
    ["nothing at all", "", [[null, null, "empty-file"]]],
    ["only a mark", "\ufeff", [[null, null, "empty-file"]]],
    ["no column that is known", "a,b\n", [[1, null, "unknown-table"]]],
    ["only a name", "name\n", [[1, null, "unknown-table"]]],
    ["no header", "5134,凉山,authority,\n", [[1, null, "unknown-table"]]],
    [
      "columns that are missing",
      "code,watch\n",
      [
        [1, "name", "missing-column"],
        [1, "kind", "missing-column"],
        [1, "parent", "missing-column"],
      ],
    ],
    [
      "columns that are there twice",
      "name,unit,post,post,phone,phone\n",
      [
        [1, "post", "repeated-column"],
        [1, "phone", "repeated-column"],
      ],
    ],
    ["an unclosed quote", '"name,unit,post\n', [[1, null, "broken-quote"]]],
    ["UTF-16", Buffer.from("\ufeffname,unit,post\n", "utf16le"), [[null, null, "utf-16"]]],
    [
      "a spreadsheet",
      Buffer.from([0x50, 0x4b, 3, 4, 0x14, 0, 6, 0, 8, 0, 0xff, 0xfe]),
      [[null, null, "spreadsheet-broken"]],
    ],
    ["a picture", Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0]), [[null, null, "not-a-table"]]],
  ])("of %s", async (_, content, problems) => {
    expect(await wrong(content)).toEqual(problems);
  });

  it("a file that is not there, or is a folder, is a problem of its own", async () => {
    const paths = [join(folder, "none.csv"), folder];
    const kinds = await Promise.all(paths.map(async (path) => openTables(path)));
    expect(kinds.map((each) => ("problems" in each ? each.problems[0]?.reason : null))).toEqual([
      { kind: "unreadable", values: { code: "ENOENT" } },
      { kind: "unreadable", values: { code: "EISDIR" } },
    ]);
  });
});

describe("its rows", () => {
  const HEADER = "name,unit,post\n";

  it("leave out empty lines and lines of separators, and count them", async () => {
    const rows = await rowsOf(`${HEADER}\n , ,\n张三,1,official\n,,\n\n`);
    expect(rows).toEqual([{ line: 4, cells: { name: "张三", unit: "1", post: "official" } }]);
  });

  it("that have too few or too many cells are told, and those after them are read", async () => {
    const rows = await rowsOf(`${HEADER}张三,1\n李四,1,worker,x\n王五,1,worker\n`);
    expect(rows.map((row) => ("reason" in row ? [row.line, row.reason.values] : row.line))).toEqual([
      [2, { found: 2, expected: 3 }],
      [3, { found: 4, expected: 3 }],
      4,
    ]);
  });

  it.each([
    ["a quote that is never closed", '张三,1,official\n"李四,1,worker\n王五,1,worker\n', [2, [3, "broken-quote"]]],
    ["a quote within a cell", '张三,1,official\n李"四,1,worker\n王五,1,worker\n', [2, [3, "broken-quote"]]],
    ["text after a quote", '张三,1,official\n"李"四,1,worker\n王五,1,worker\n', [2, [3, "broken-quote"]]],
    ["a row without an end", `张三,1,official\n"${"李".repeat(70_000)}",1,worker\n`, [2, [3, "row-too-long"]]],
  ])("end with %s", async (_, rows, told) => {
    const read = await rowsOf(HEADER + rows);
    expect(read.map((row) => ("reason" in row ? [row.line, row.reason.kind] : row.line))).toEqual(told);
  });

  it("are read in GB18030 where they are no UTF-8, with the right lines after CRLF and quotes", async () => {
    // 张三 in GB18030, in a cell with a line end of its own.
    const name = Buffer.from([0x22, 0xd5, 0xc5, 0x0a, 0xc8, 0xfd, 0x22]);
    const rows = await rowsOf(
      Buffer.concat([Buffer.from("name,unit,post\r\n"), name, Buffer.from(",1,worker\r\nx,1\r\n")]),
    );
    expect(rows).toMatchObject([
      { line: 2, cells: { name: "张\n三", unit: "1", post: "worker" } },
      { line: 4, reason: { kind: "cell-count" } },
    ]);
  });

  it("of bytes that are neither are told with their line, even far into a file", async () => {
    const good = Array.from({ length: 9000 }, (_, at) => `人${at},1,worker\r\n`).join("");
    const content = Buffer.concat([Buffer.from(HEADER + good), Buffer.from([0xd5, 0xff]), Buffer.from(",1,worker\n")]);
    expect(await wrong(content)).toEqual([[9002, null, "not-text"]]);
  });

  it("may be read again, and the file says whether it is still the same", async () => {
    const table = await open(`${HEADER}张三,1,official\n`);
    const read = async (): Promise<number> => {
      let rows = 0;
      for await (const part of table.rows()) rows += part.length;
      return rows;
    };
    expect([await read(), await read(), await table.isUnchanged()]).toEqual([1, 1, true]);
    file(`${HEADER}李四,1,official\n`);
    expect(await table.isUnchanged()).toBe(false);
  });

  it("come with the line on which an editor shows them, whatever ends a line and whatever is quoted", async () => {
    const cell = fc.stringMatching(/^[a-z一-龥", \n]{0,6}$/);
    const record = fc.tuple(cell, cell, cell);
    const table = fc.record({
      rows: fc.array(record, { maxLength: 20 }),
      end: fc.constantFrom("\n", "\r\n", "\r"),
      mark: fc.boolean(),
      last: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(table, async ({ rows, end, mark, last }) => {
        const quote = (text: string): string => `"${text.replaceAll("\n", end).replaceAll('"', '""')}"`;
        const lines = ["name,unit,post", ...rows.map((row) => row.map(quote).join(","))];
        const content = (mark ? "\ufeff" : "") + lines.join(end) + (last ? end : "");
        let line = 1;
        const expected = rows.flatMap(([name, unit, post], at) => {
          line += (lines[at] ?? "").split(end).length;
          if (![name, unit, post].some((text) => text.trim() !== "")) return [];
          const cells = { name, unit, post };
          return [
            {
              line,
              cells: Object.fromEntries(Object.entries(cells).map(([key, text]) => [key, text.replaceAll("\n", end)])),
            },
          ];
        });
        expect(await rowsOf(content)).toEqual(expected);
      }),
      { numRuns: 150 },
    );
  });

  it("of a file of any size stay few in memory", async () => {
    const lines = Array.from({ length: 200_000 }, (_, at) => `人员${at},${at % 100},worker\n`);
    const table = await open(HEADER + lines.join(""));
    let [rows, most] = [0, 0];
    for await (const part of table.rows()) {
      rows += part.length;
      most = Math.max(most, part.length);
    }
    expect(rows).toBe(200_000);
    expect(most).toBeLessThan(10_000);
  });
});
