import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { gatherPeople, type Recognised } from "../../src/domain/roster-identity.ts";
import type { PersonRow } from "../../src/domain/roster-person.ts";

interface Sketch extends Partial<Omit<PersonRow, "accounts">> {
  readonly telegram?: string;
  readonly slack?: string;
  readonly known?: Partial<Recognised>;
}

const gather = (rows: readonly Sketch[]) => {
  const people = gatherPeople();
  rows.forEach(({ telegram, slack, known, ...rest }, line) => {
    const accounts = [
      ...(telegram ? [{ platform: "telegram", address: telegram } as const] : []),
      ...(slack ? [{ platform: "slack", address: slack } as const] : []),
    ];
    const at = { file: "p", line };
    const given = {
      at,
      name: "甲",
      unit: "1",
      post: "worker",
      deputy: false,
      locale: null,
      phone: null,
      web: false,
    } as const;
    people.add({ ...given, ...rest, accounts }, { surely: [], perhaps: [], ...known });
  });
  const { problems, personOf, rowsOf, onRecord } = people.settle();
  return {
    who: [...personOf].join(""),
    rowsOf: [...rowsOf],
    onRecord,
    problems: problems.map(({ line, column, reason }) => `${line} ${column} ${reason.kind}`),
  };
};

describe("the same person", () => {
  it.each<[string, readonly Sketch[], string]>([
    ["is who has the same phone", [{ phone: "+1" }, { phone: "+1", unit: "2" }], "00"],
    ["is who has the same account", [{ telegram: "7" }, { telegram: "7", unit: "2" }], "00"],
    [
      "is who is joined by a third row",
      [{ phone: "+1" }, { telegram: "7", unit: "2" }, { phone: "+1", telegram: "7", unit: "3" }],
      "000",
    ],
    ["is else who has the same name in the same office", [{}, {}], "00"],
    ["is known by name where one row tells more", [{}, { phone: "+1" }], "00"],
    ["is not who has the same name elsewhere", [{}, { unit: "2" }, { post: "official" }, { deputy: true }], "0123"],
    ["is not a namesake with another phone", [{ phone: "+1" }, { phone: "+2" }], "01"],
    ["is not a namesake with another account of one platform", [{ telegram: "1" }, { telegram: "2" }], "01"],
    ["is a namesake with an account of another platform", [{ telegram: "1" }, { slack: "2" }], "00"],
    ["is not somebody of another name in the same office", [{}, { name: "乙" }], "01"],
  ])("%s", (_, rows, who) => {
    expect(gather(rows)).toMatchObject({ who, problems: [] });
  });

  it.each<[string, readonly Sketch[], readonly string[]]>([
    ["one phone with two names", [{ phone: "+1" }, { phone: "+1", name: "乙" }], ["1 phone phone-of-another"]],
    [
      "one account with two names",
      [{ telegram: "7" }, { telegram: "7", name: "乙" }],
      ["1 telegram account-of-another"],
    ],
    [
      "one account with two phones",
      [
        { telegram: "7", phone: "+1" },
        { telegram: "7", phone: "+2" },
      ],
      ["1 telegram account-with-another-phone"],
    ],
    ["a row between two namesakes", [{ phone: "+1" }, { phone: "+2" }, {}], ["2 name cannot-tell-apart"]],
  ])("cannot be: %s", (_, rows, problems) => {
    expect(gather(rows).problems).toEqual(problems);
  });
});

describe("somebody on record", () => {
  const phone = (person: string) => ({ surely: [{ column: "phone", person }] });

  it.each<[string, readonly Sketch[], readonly (string | null)[], readonly string[]]>([
    ["is known by phone or account", [{ phone: "+1", known: phone("A") }], ["A"], []],
    ["is known by name in the office", [{ known: { perhaps: ["A"] } }], ["A"], []],
    [
      "is one person in the file as well",
      [
        { phone: "+1", known: phone("A") },
        { telegram: "7", unit: "2", known: { surely: [{ column: "telegram", person: "A" }] } },
      ],
      ["A"],
      [],
    ],
    [
      "is not a namesake whose phone is another's",
      [
        { phone: "+1", known: { ...phone("A"), perhaps: ["A"] } },
        { phone: "+2", known: { perhaps: ["A"] } },
      ],
      ["A", null],
      [],
    ],
    [
      "is whoever is left of two namesakes",
      [
        { phone: "+1", known: { ...phone("A"), perhaps: ["A", "B"] } },
        { phone: "+2", known: { perhaps: ["A", "B"] } },
      ],
      ["A", "B"],
      [],
    ],
    [
      "cannot be guessed between two namesakes",
      [{ known: { perhaps: ["A", "B"] } }],
      [null],
      ["0 name cannot-tell-apart-on-record"],
    ],
    [
      "cannot be two",
      [
        {
          phone: "+1",
          known: {
            surely: [
              { column: "phone", person: "A" },
              { column: "telegram", person: "B" },
            ],
          },
        },
      ],
      ["A"],
      ["0 telegram two-on-record"],
    ],
  ])("%s", (_, rows, onRecord, problems) => {
    expect(gather(rows)).toMatchObject({ onRecord, problems });
  });
});

it("people without a contradiction are the same groups in whatever order their rows come", () => {
  const sketch = fc.record({
    name: fc.constantFrom("甲", "乙"),
    unit: fc.constantFrom("1", "2"),
    mark: fc.option(fc.nat(3), { nil: undefined }),
    also: fc.option(fc.nat(3), { nil: undefined }),
  });
  const partition = (who: string, order: readonly number[]): string => {
    const groups = new Map<string, number[]>();
    [...who].forEach((person, row) => {
      groups.set(person, [...(groups.get(person) ?? []), order[row] as number]);
    });
    return [...groups.values()]
      .map((rows) => rows.sort().join())
      .sort()
      .join(" ");
  };
  const shuffled = fc
    .array(sketch, { maxLength: 8 })
    .chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray([...all.keys()], { minLength: all.length })));
  fc.assert(
    fc.property(shuffled, ([sketches, order]) => {
      const rows = sketches.map(({ name, unit, mark, also }) => ({
        ...{ name, unit },
        ...(mark === undefined ? {} : { phone: `+${name}${mark}` }),
        ...(also === undefined ? {} : { telegram: `${name}${also}` }),
      }));
      const [straight, other] = [gather(rows), gather(order.map((at) => rows[at] as Sketch))];
      fc.pre(straight.problems.length === 0 && other.problems.length === 0);
      expect(partition(other.who, order)).toBe(
        partition(
          straight.who,
          rows.map((_, at) => at),
        ),
      );
      expect(straight.rowsOf.reduce((sum, count) => sum + count, 0)).toBe(rows.length);
    }),
    { numRuns: 1000 },
  );
});
