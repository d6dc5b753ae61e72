import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { readCommandLine } from "../../src/cli/program.ts";
import { LOCALES, type Locale } from "../../src/domain/language.ts";
import { speaker } from "../../src/locale/speaker.ts";

const { say } = speaker(() => new Date(0), "Asia/Shanghai");
let out = "";
let err = "";
beforeEach(() => {
  [out, err] = ["", ""];
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

/** Reads a line, and what it printed since the last one. */
const read = (line: string, locale: Locale = "en") => {
  [out, err] = ["", ""];
  const words = (line.match(/'[^']*'|\S+/gu) ?? []).map((word) => word.replace(/^'(.*)'$/u, "$1"));
  return { ...readCommandLine(words, (phrase) => say(phrase, locale), "1.2.3"), out, err };
};

/** Every command there is, as the help lists them; what a new one has to do, it has to do here. */
const commands = (() => {
  const spy = vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    out += text;
    return true;
  });
  const listed = read("--help").out;
  spy.mockRestore();
  const [, list = ""] = listed.split("Commands:");
  return [...list.matchAll(/^ {2}([a-z-]+)/gmu)].map(([, name = ""]) => name).filter((name) => name !== "help");
})();

it("the help lists the commands, and each is in the table below", () => {
  expect(commands).toEqual(expect.arrayContaining(["demo", "serve", "migrate", "import", "export", "verify"]));
});

describe.each(commands)("chuanda %s", (command) => {
  it.each(LOCALES)("has a help with examples that are right, in %s", (locale) => {
    const help = read(`${command} --help`, locale);
    expect(help).toMatchObject({ kind: "exit", code: 0, err: "" });
    expect(read(`help ${command}`, locale)).toEqual(help);
    const examples = [...help.out.matchAll(/^ {2}\$ chuanda (.+)$/gmu)].map(([, line = ""]) => line);
    expect(examples.length).toBeGreaterThan(0);
    for (const line of examples) {
      expect(line).toMatch(new RegExp(`^${command}\\b`, "u"));
      expect(read(line, locale), line).not.toHaveProperty("code");
      expect([out, err], line).toEqual(["", ""]);
    }
    const foreign = locale === "en" ? /\p{Script=Han}/u : /\b(Usage|Options|Arguments|default|output)\b/u;
    // Examples and the words of a file stand as they are.
    expect(help.out.replace(/^ {2}\$.*$/gmu, "")).not.toMatch(foreign);
  });

  it("ends with 2 for an option or an argument that it does not have, or lacks, and prints nothing to standard output", () => {
    const { out: help } = read(`${command} --help`);
    const [, usage = ""] = /^Usage: (.*)$/mu.exec(help) ?? [];
    const wrong = [`${command} --nonsense`, `${command} ${"x ".repeat(9)}`];
    if (usage.includes("<")) wrong.push(command);
    for (const line of usage.includes("...") ? wrong.filter((each) => !each.includes("x x")) : wrong) {
      expect(read(line), line).toMatchObject({ kind: "exit", code: 2, out: "" });
      expect(err.split("\n"), line).toHaveLength(3);
      expect(read(line, "zh-CN").err, line).toMatch(/\p{Script=Han}.*\n.*--help/u);
    }
  });

  it("is found again where it was mistyped", () => {
    const typed = `${command.slice(0, -1)}`;
    expect(read(typed)).toMatchObject({ kind: "exit", code: 2 });
    expect(err).toContain(`There is no command ${typed}. Did you mean ${command}?`);
    expect(read(`help ${typed}`)).toMatchObject({ kind: "exit", code: 2 });
    expect(err).toContain(`Did you mean ${command}?`);
  });
});

it("an option is found again, too, and what is like nothing is not guessed at", () => {
  read("export people --forse");
  expect(err).toContain("There is no option --forse. Did you mean --force?");
  read("frobnicate --help");
  expect([out, err]).toEqual(["", "There is no command frobnicate.\nAdd --help to see the usage.\n"]);
});
