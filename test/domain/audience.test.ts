import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Audience } from "../../src/domain/audience.ts";
import { columnOfCode, namedCodes, namesPost, parseAudience, printAudience } from "../../src/domain/audience.ts";
import { audiences } from "./audiences.ts";

const read = (source: string): Audience => {
  const parsed = parseAudience(source);
  if (parsed.kind === "wrong") throw new Error(`${parsed.problem} at ${parsed.column}: ${source}`);
  return parsed.audience;
};
const any = audiences({ codes: ["5134", "513401", "石桥"], posts: true });

describe("reading an audience", () => {
  it("gives back what was printed", () => {
    fc.assert(
      fc.property(any, (audience) => {
        expect(read(printAudience(audience))).toEqual(audience);
      }),
      { numRuns: 500 },
    );
  });

  it("binds not before and before or", () => {
    expect(read("all or watch and not kind site")).toEqual({
      kind: "or",
      of: [
        { kind: "all" },
        { kind: "and", of: [{ kind: "watch" }, { kind: "not", of: { kind: "kind", value: "site" } }] },
      ],
    });
    expect(read("(all or watch)and kind site")).toEqual({
      kind: "and",
      of: [
        { kind: "or", of: [{ kind: "all" }, { kind: "watch" }] },
        { kind: "kind", value: "site" },
      ],
    });
  });

  it("knows site as a word and as a kind", () => {
    expect(read("kind site and site school")).toEqual({
      kind: "and",
      of: [
        { kind: "kind", value: "site" },
        { kind: "site", value: "school" },
      ],
    });
  });

  it("reads the example of the manual", () => {
    expect(printAudience(read("within 513401 and (kind grassroots or industry hazchem)"))).toBe(
      "within 513401 and (kind grassroots or industry hazchem)",
    );
  });

  it("takes spaces, tabs, line ends and ideographic spaces as they come", () => {
    expect(read(" within\t5134\n　and( watch )")).toEqual(read("within 5134 and watch"));
  });

  it.each([
    ["", 1, "empty", ""],
    ["   \n ", 1, "empty", ""],
    ["everybody", 1, "unknown-word", "everybody"],
    ["all and constructor x", 9, "unknown-word", "constructor"],
    ["__proto__ 1", 1, "unknown-word", "__proto__"],
    ["and all", 1, "unknown-word", "and"],
    ["all and or watch", 9, "unknown-word", "or"],
    ["()", 2, "unknown-word", ")"],
    ["within", 7, "missing-value", "within"],
    ["within  ", 9, "missing-value", "within"],
    ["unit and all", 6, "missing-value", "unit"],
    ["kind )", 6, "missing-value", "kind"],
    ["all and", 8, "missing-value", "and"],
    ["not", 4, "missing-value", "not"],
    ["kind shop", 6, "unknown-value", "shop"],
    ["all or industry Hazchem", 17, "unknown-value", "Hazchem"],
    ["site toString", 6, "unknown-value", "toString"],
    ["grade E", 7, "unknown-value", "E"],
    ["post deputy:principal", 6, "unknown-value", "deputy:principal"],
    ["all and (watch", 9, "unclosed", "("],
    ["((all)", 1, "unclosed", "("],
    ["all watch", 5, "unexpected", "watch"],
    ["all)", 4, "unexpected", ")"],
    ["within 石桥 镇", 11, "unexpected", "镇"],
  ])("%j is wrong at column %i: %s", (source, column, problem, word) => {
    expect(parseAudience(source)).toMatchObject({ kind: "wrong", column, problem, word });
  });

  it("says what could stand there instead", () => {
    expect(parseAudience("kind shop")).toMatchObject({ expected: expect.arrayContaining(["enterprise", "site"]) });
    expect(parseAudience("all watch")).toMatchObject({ expected: ["and", "or"] });
    expect(parseAudience("x")).toMatchObject({ expected: expect.arrayContaining(["all", "within", "post"]) });
  });

  it("points into any text at all, or at its end, and never throws", () => {
    const word = fc.constantFrom(
      "all",
      "within",
      "kind",
      "post",
      "and",
      "or",
      "not",
      "(",
      ")",
      "site",
      "5134",
      "valueOf",
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(word, { maxLength: 12 }).map((words) => words.join(" ")),
        ),
        (source) => {
          const parsed = parseAudience(source);
          if (parsed.kind === "audience") expect(read(printAudience(parsed.audience))).toEqual(parsed.audience);
          else {
            expect(parsed.column).toBeGreaterThanOrEqual(1);
            expect(parsed.column).toBeLessThanOrEqual(source.length + 1);
            expect(source.startsWith(parsed.word, parsed.column - 1) || parsed.problem === "missing-value").toBe(true);
          }
        },
      ),
      { numRuns: 1000 },
    );
  });

  it("is linear: a hundred thousand words are read before anybody loses patience", () => {
    // A quadratic reader would need minutes.
    const source = Array.from({ length: 100_000 }, (_, at) => `unit ${at}`).join(" or ");
    expect(namedCodes(read(source))).toHaveLength(100_000);
  });

  it.each([
    ["parentheses", `${"(".repeat(100_000)}all${")".repeat(100_000)}`, 65],
    ["nots", `${"not ".repeat(100_000)}all`, 257],
    ["both", `${"not (".repeat(50_000)}all${")".repeat(50_000)}`, 161],
  ])("answers %s that are too deep instead of exhausting the stack", (_, source, column) => {
    expect(parseAudience(source)).toMatchObject({ kind: "wrong", problem: "too-deep", column });
  });

  it("reads everything that is just not too deep", () => {
    expect(parseAudience(`${"(".repeat(63)}all${")".repeat(63)}`)).toEqual({
      kind: "audience",
      audience: { kind: "all" },
    });
    expect(parseAudience(`${"not ".repeat(63)}all`).kind).toBe("audience");
  });
});

describe("what an audience speaks of", () => {
  it("finds offices however deep they stand", () => {
    expect(namesPost(read("all and not (watch or (kind site and post worker))"))).toBe(true);
    expect(namesPost(read("within principal and unit worker"))).toBe(false);
  });

  it("finds the codes in their order", () => {
    expect(namedCodes(read("within a and (unit b or not within c) or kind site"))).toEqual(["a", "b", "c"]);
  });

  it("tells at which column it speaks of a code", () => {
    expect(columnOfCode("kind enterprise and unit e", "e")).toBe(26);
    expect(columnOfCode("(within 51)or unit 5", "5")).toBe(20);
    expect(columnOfCode("kind site", "site")).toBe(1);
  });
});
