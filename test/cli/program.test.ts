import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { readCommandLine } from "../../src/cli/program.ts";
import type { Request } from "../../src/cli/shelf.ts";
import type { Locale } from "../../src/domain/language.ts";
import { LOCALES } from "../../src/domain/language.ts";
import { speaker } from "../../src/locale/speaker.ts";

const { say } = speaker(() => new Date(0), "Asia/Shanghai");
let out: string;
let err: string;

beforeEach(() => {
  out = "";
  err = "";
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    out += text;
    return true;
  });
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    err += text;
    return true;
  });
});
afterEach(() => vi.restoreAllMocks());

const read = (line: string, locale: Locale = "en"): Request =>
  readCommandLine(line === "" ? [] : line.split(" "), (words) => say(words, locale), "1.2.3");
const here = (path: string) => `${process.cwd()}/${path}`;

describe("a command", () => {
  const invocation = (value: object) => ({ kind: "invocation", invocation: value });

  it.each<[string, object]>([
    ["demo", { kind: "demo", fresh: false, port: null, locale: null }],
    ["demo --fresh --port 0 --locale en", { kind: "demo", fresh: true, port: 0, locale: "en" }],
    ["serve", { kind: "serve", roles: ["web", "worker"] }],
    ["serve --roles worker", { kind: "serve", roles: ["worker"] }],
    ["serve --roles worker,web", { kind: "serve", roles: ["worker", "web"] }],
    ["migrate", { kind: "migrate" }],
    [
      "import units.csv",
      invocation({ command: "import", files: [here("units.csv")], dryRun: false, complete: [], json: false }),
    ],
    [
      "import units.csv /tmp/people.csv --dry-run --complete 1 --complete 2 --json",
      invocation({
        command: "import",
        files: [here("units.csv"), "/tmp/people.csv"],
        dryRun: true,
        complete: ["1", "2"],
        json: true,
      }),
    ],
    ["link --unit 5134", invocation({ command: "link", unit: "5134", post: null, revoke: false, json: false })],
    [
      "link --unit 5134 --post deputy:principal --revoke --json",
      invocation({ command: "link", unit: "5134", post: "deputy:principal", revoke: true, json: true }),
    ],
    [
      "publish notice.md",
      invocation({ command: "publish", file: here("notice.md"), dryRun: false, at: null, json: false }),
    ],
    [
      "publish --dry-run --json --at 2026-09-18T09:00+08:00 notice.md",
      invocation({
        command: "publish",
        file: here("notice.md"),
        dryRun: true,
        at: "2026-09-18T09:00+08:00",
        json: true,
      }),
    ],
    [
      "coverage 某安委办〔2026〕17号",
      invocation({ command: "coverage", number: "某安委办〔2026〕17号", under: null, json: false }),
    ],
    ["coverage 17 --under 51 --json", invocation({ command: "coverage", number: "17", under: "51", json: true })],
    [
      "export people",
      invocation({
        ...{ command: "export", what: "people", number: null, under: null, format: "csv" },
        ...{ out: null, force: false, locale: null },
      }),
    ],
    [
      "export coverage 17 --under 51 --out c.XLSX --force --locale zh-CN",
      invocation({
        ...{ command: "export", what: "coverage", number: "17", under: "51", format: "xlsx" },
        ...{ out: here("c.XLSX"), force: true, locale: "zh-CN" },
      }),
    ],
    [
      "export ledger --out l.xlsx --format csv",
      invocation({
        ...{ command: "export", what: "ledger", number: null, under: null, format: "csv" },
        ...{ out: here("l.xlsx"), force: false, locale: null },
      }),
    ],
    ["verify", invocation({ command: "verify", file: null, saveHead: null, json: false })],
    [
      "verify head.txt --save-head new.txt --json",
      invocation({ command: "verify", file: here("head.txt"), saveHead: here("new.txt"), json: true }),
    ],
  ])("%s is read as data, and nothing is printed", (line, request) => {
    expect(read(line)).toEqual(request);
    expect([out, err]).toEqual(["", ""]);
  });

  it("survives the way to another process", () => {
    const request = read("publish notice.md");
    expect(JSON.parse(JSON.stringify(request))).toEqual(request);
  });
});

describe("help", () => {
  it.each(LOCALES)("lists the commands in %s and ends with 0", (locale) => {
    expect(read("--help", locale)).toEqual({ kind: "exit", code: 0 });
    expect(out).toMatch(/^ {2}publish .+$/mu);
    expect(err).toBe("");
  });

  it("is what no command at all gets, with 2", () => {
    expect(read("")).toEqual({ kind: "exit", code: 2 });
    expect(err).toContain("publish");
    expect(out).toBe("");
  });

  it("is also a command", () => {
    expect(read("help publish")).toEqual({ kind: "exit", code: 0 });
    expect(out).toContain("notice.md");
  });

  it("tells the version", () => {
    expect(read("--version")).toEqual({ kind: "exit", code: 0 });
    expect(out).toBe("1.2.3\n");
  });
});

describe("wrong usage", () => {
  it.each([
    ["nonsense", "There is no command nonsense.", "没有 nonsense 这个命令。"],
    ["publish", "file is missing.", "缺少 file。"],
    ["coverage", "number is missing.", "缺少 number。"],
    ["import", "file is missing.", "缺少 file。"],
    ["link", "--unit <code> is missing.", "缺少 --unit <code>。"],
    ["link --unit", "--unit <code> is missing.", "缺少 --unit <code>。"],
    ["publish a.md b.md", "There are too many arguments.", "参数太多了。"],
    ["migrate now", "There are too many arguments.", "参数太多了。"],
    ["coverage 1 --jsn", "There is no option --jsn. Did you mean --json?", "没有 --jsn 这个选项。是不是想写 --json？"],
    [
      "export nothing",
      "what: What can be exported: people, units, coverage, ledger.",
      "what：可以导出的有：people, units, coverage, ledger。",
    ],
    ["export people 17", "A number goes with coverage alone.", "只有 coverage 可以带通知编号。"],
    [
      "export ledger --under 51",
      "The ledger is one whole: --under does not go with it.",
      "台账是一个整体，不能用 --under。",
    ],
    [
      "export units --format ods",
      "--format <format>: The formats are csv and xlsx.",
      "--format <format>：格式只有 csv 和 xlsx。",
    ],
    ["serve --roles", "--roles <roles> is missing.", "缺少 --roles <roles>。"],
    [
      "serve --roles web,db",
      "--roles <roles>: The roles are web and worker.",
      "--roles <roles>：角色只有 web 和 worker。",
    ],
    ["serve --roles ,", "--roles <roles>: The roles are web and worker.", "--roles <roles>：角色只有 web 和 worker。"],
    [
      "demo --port x",
      "--port <port>: A port is a whole number from 0 to 65535.",
      "--port <port>：端口是 0 到 65535 的整数。",
    ],
    [
      "demo --port 65536",
      "--port <port>: A port is a whole number from 0 to 65535.",
      "--port <port>：端口是 0 到 65535 的整数。",
    ],
    [
      "demo --port 0x50",
      "--port <port>: A port is a whole number from 0 to 65535.",
      "--port <port>：端口是 0 到 65535 的整数。",
    ],
    [
      "demo --locale fr",
      "--locale <locale>: The languages are zh-CN and en.",
      "--locale <locale>：语言只有 zh-CN 和 en。",
    ],
    [
      "publish a.md --at 2026-09-18",
      "--at <time>: Give a moment with an offset, such as 2026-09-18T09:00+08:00.",
      "--at <time>：要带时区的时刻，如 2026-09-18T09:00+08:00。",
    ],
    [
      "publish a.md --at 2026-02-30T09:00Z",
      "--at <time>: Give a moment with an offset, such as 2026-09-18T09:00+08:00.",
      "--at <time>：要带时区的时刻，如 2026-09-18T09:00+08:00。",
    ],
    [
      "publish a.md --at 4h",
      "--at <time>: Give a moment with an offset, such as 2026-09-18T09:00+08:00.",
      "--at <time>：要带时区的时刻，如 2026-09-18T09:00+08:00。",
    ],
  ])("%s ends with 2 and says what is wrong", (line, english, chinese) => {
    expect(read(line, "en")).toEqual({ kind: "exit", code: 2 });
    expect(err).toBe(`${english}\nAdd --help to see the usage.\n`);
    err = "";
    expect(read(line, "zh-CN")).toEqual({ kind: "exit", code: 2 });
    expect(err).toBe(`${chinese}\n加 --help 看用法。\n`);
    expect(out).toBe("");
  });
});
