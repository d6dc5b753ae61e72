import { describe, expect, it } from "vitest";
import { readNoticeFile } from "../../src/files/notice-file.ts";
import { contentHash } from "../../src/ledger/content-hash.ts";

const FRONT = {
  number: "某安委办〔2026〕17号",
  issuer: '"5134"                # 发文单位',
  urgency: "priority",
  ack: "undertake",
  due: "1wd",
  audience: "within 513401 and (kind grassroots or industry hazchem)",
  closing: "each-unit",
  reminders: "standard",
  supersedes: "null",
};
const BODY = "# 节前三件事\n查、改、报。\n\n<!-- locale: en -->\n# Three things\nCheck, mend, tell.\n";

const notice = (front: Readonly<Record<string, string | undefined>> = {}, body = BODY): string => {
  const lines = Object.entries({ ...FRONT, ...front }).filter(([, value]) => value !== undefined);
  return `---\n${lines.map(([key, value]) => `${key}: ${value}`).join("\n")}\n---\n${body}`;
};

const draftOf = (text: string) => {
  const read = readNoticeFile("n.md", text, contentHash);
  if (!("draft" in read)) throw new Error(JSON.stringify(read.problems));
  return read.draft;
};

/** line:position column "value" reason */
const wrong = (text: string): readonly string[] => {
  const read = readNoticeFile("n.md", text, contentHash);
  if (!("problems" in read)) return [];
  return read.problems.map(({ file, line, position, column, value, reason }) => {
    expect(file).toBe("n.md");
    const place = [line, position].filter((part) => part !== null).join(":");
    return [place, column, value === null ? null : JSON.stringify(value), reason.kind].filter(Boolean).join(" ");
  });
};

describe("a notice file", () => {
  it("says everything about a notice", () => {
    const draft = draftOf(notice());
    expect(draft).toMatchObject({
      number: "某安委办〔2026〕17号",
      issuerCode: "5134",
      urgency: "priority",
      ack: "undertake",
      due: { kind: "working-days", days: 1, rule: "1wd" },
      audience: FRONT.audience,
      closing: { kind: "each-unit" },
      texts: [
        { locale: "zh-CN", title: "节前三件事", body: "查、改、报。" },
        { locale: "en", title: "Three things", body: "Check, mend, tell." },
      ],
    });
    expect(draft.reminders.map(({ rule }) => rule)).toEqual(["-30m", "0", "+1wd"]);
    const [zh] = draft.texts;
    expect(zh.hash).toBe(contentHash.text({ number: draft.number, ...zh }));
  });

  it("asks the least where it says nothing", () => {
    const rest = { urgency: undefined, ack: undefined, due: undefined, closing: undefined, reminders: undefined };
    expect(draftOf(notice({ ...rest, supersedes: undefined }))).toMatchObject({
      urgency: "routine",
      ack: "read",
      due: null,
      closing: { kind: "each-unit" },
    });
  });

  it.each<[string, Readonly<Record<string, string>>, object]>([
    ["a number in square brackets", { number: '"某安委办[2026]17号"' }, { number: "某安委办〔2026〕17号" }],
    ["a code without quotation marks, zeros and all", { issuer: "0051" }, { issuerCode: "0051" }],
    ["a quorum", { closing: "quorum(2)" }, { closing: { kind: "quorum", needed: 2 } }],
    ["a moment", { due: "2026-09-18T17:30:00+08:00" }, { due: { kind: "moment" } }],
    ["no reminders", { reminders: "none" }, { reminders: [] }],
    [
      "a list of reminders",
      { reminders: "[-4h, 0, +1wd]" },
      { reminders: [{ rule: "-4h" }, { rule: "0" }, { rule: "+1wd" }] },
    ],
    ["an audience over two lines", { audience: ">\n  within 51\n  and watch" }, { audience: "within 51 and watch" }],
  ])("may have %s", (_, front, draft) => {
    expect(draftOf(notice(front))).toMatchObject(draft);
  });

  it("reads the same with a mark at its beginning and any line ends, and hashes the same", () => {
    const windows = draftOf(`\ufeff${notice().replaceAll("\n", "\r\n")}`);
    expect(windows).toEqual(draftOf(notice()));
  });

  it("in which another language leads has that one first", () => {
    const body = "\n<!-- locale: en -->\n# One\nText\n<!-- locale: zh-CN -->\n# 一\n正文\n";
    expect(draftOf(notice({}, body)).texts.map(({ locale }) => locale)).toEqual(["en", "zh-CN"]);
  });

  it("hashes differently as soon as one word of it is different", () => {
    const one = draftOf(notice()).contentHash;
    expect(draftOf(notice({}, BODY.replace("mend", "fix"))).contentHash).not.toBe(one);
    expect(draftOf(notice({ due: "2wd" })).contentHash).not.toBe(one);
  });
});

describe("everything that is wrong with it is told with its place", () => {
  it.each<[string, Readonly<Record<string, string | undefined>>, readonly string[]]>([
    ["a number that is none", { number: "17号" }, ['2:9 number "17号" bad-number']],
    ["no number", { number: undefined }, ["1 number missing-key"]],
    ["an empty issuer", { issuer: "" }, ['3:9 issuer "" missing-key']],
    ["an unknown urgency", { urgency: "hurry" }, ['4:10 urgency "hurry" unknown-word']],
    ["a list where one word stands", { urgency: "[flash]" }, ["4:10 urgency not-one-value"]],
    ["a map where one word stands", { closing: "{ everyone: yes }" }, ["8:10 closing not-one-value"]],
    ["an unknown answer", { ack: '"tap"' }, ['5:7 ack "tap" unknown-word']],
    ["a due time that is none", { due: "soon" }, ['6:6 due "soon" bad-due']],
    ["something to take on without a due time", { due: undefined }, ["1 due due-needed"]],
    [
      "a wrong word for whom",
      { audience: "within 51 and wathc" },
      ['7:25 audience "within 51 and wathc" audience-unknown-word'],
    ],
    [
      "the same in quotation marks",
      { audience: '"all or kind boss"' },
      ['7:24 audience "all or kind boss" audience-unknown-value'],
    ],
    [
      "the same over several lines",
      { audience: ">\n  all or\n  kind boss" },
      ['7 audience "all or kind boss\\n" audience-unknown-value'],
    ],
    ["nobody meant", { audience: '""' }, ['7:12 audience "" missing-key']],
    ["a closing rule that is none", { closing: "quorum(0)" }, ['8:10 closing "quorum(0)" bad-closing']],
    ["a wrong reminder", { reminders: "[-4h, then]" }, ["9:12 reminders bad-reminder"]],
    ["a ladder that is not known", { reminders: "mild" }, ['9:12 reminders "mild" bad-reminder']],
    ["a notice that it replaces", { supersedes: "某〔2026〕1号" }, ['10:13 supersedes "某〔2026〕1号" supersedes']],
    ["a setting that is not known", { urgent: "yes" }, ["11 urgent unknown-key"]],
    ["a setting twice", { "due ": "2wd" }, ["11:1 repeated-key"]],
    ["a quotation mark that is never closed", { supersedes: '"x' }, ["10:15 bad-yaml"]],
  ])("%s", (_, front, problems) => {
    expect(wrong(notice(front))).toEqual(problems);
  });

  it.each<[string, string, readonly string[]]>([
    ["no title", "正文\n", ["12 no-title"]],
    ["no words under a title", "# 题\n\n", ["12 no-words"]],
    ["nothing at all", "\n", ["12 no-words"]],
    ["an unknown language", "# 题\n正文\n<!-- locale: fr -->\n# T\nx\n", ['15 "fr" unknown-locale']],
    ["a language twice", "# 题\n正文\n<!-- locale: zh-CN -->\n# 又\nx\n", ['15 "zh-CN" repeated-locale']],
    ["HTML", "# 题\n正文\n\n<b>粗</b>\n", ['15 "<b>" markdown-html', '15 "</b>" markdown-html']],
    ["a picture", "# 题\n\n![图](https://example.org/a.png)\n", ["14 markdown-image"]],
    ["a link that is not https", "# 题\n[a](http://example.org)\n", ['13 "http://example.org" markdown-link']],
    ["a link whose address stands elsewhere", "# 题\n[a][b]\n\n[b]: https://example.org\n", ['13 "b" markdown-link']],
    ["a title too long for a card", `# ${"题".repeat(101)}\n正文\n`, [`12 "${"题".repeat(60)}" too-long`]],
    ["words too long to read", `# 题\n${"字".repeat(20_001)}\n`, ["12 too-long"]],
    ["more markup than can be read", `# 题\n${"- ".repeat(2000)}\n`, ["12 markdown-much"]],
  ])("%s", (_, body, problems) => {
    expect(wrong(notice({}, body))).toEqual(problems);
  });

  it("all at once, in the order of the lines", () => {
    const body = "# 题\n<i>\n<!-- locale: en -->\nno title\n";
    expect(wrong(notice({ number: "x", ack: "tap", extra: "1" }, body))).toEqual([
      '2:9 number "x" bad-number',
      '5:6 ack "tap" unknown-word',
      "11 extra unknown-key",
      '14 "<i>" markdown-html',
      "16 no-title",
    ]);
  });

  it.each(["", "# 题\n正文\n", "---\nnumber: 1\n", "\n---\n---\n"])("settings that are not set off: %j", (text) => {
    expect(wrong(text)).toEqual(["1 no-front-matter"]);
  });

  it.each(["just words", "{}", ""])("settings that are no settings: %j", (yaml) => {
    expect(wrong(`---\n${yaml}\n---\n# 题\n正文\n`)).toEqual([
      "1 number missing-key",
      "1 issuer missing-key",
      "1 audience missing-key",
    ]);
  });
});
