import fc from "fast-check";
import type { PostName } from "../../src/domain/post.ts";
import { POSTS } from "../../src/domain/post.ts";
import type { UnitFacts } from "../../src/domain/unit.ts";
import { GRADES, INDUSTRIES, SITE_TYPES, UNIT_KINDS } from "../../src/domain/unit.ts";
import type { Db } from "../../src/store/client.ts";
import type { Placed } from "../domain/nested-trees.ts";
import { nestedTrees } from "../domain/nested-trees.ts";
import { startOver } from "../setup/empty-tables.ts";

export type RosterUnit = Placed & Omit<UnitFacts, "name" | "division">;

export interface RosterPost {
  readonly unit: number;
  readonly person: number;
  readonly post: PostName;
  readonly deputy: boolean;
}

export interface RosterAccount {
  readonly person: number;
  readonly platform: "web" | "telegram" | "slack";
  readonly gone: boolean;
}

/** Units, people and offices by their places in these lists; in the database each has the id that follows its place. */
export interface Roster {
  readonly units: readonly RosterUnit[];
  readonly people: number;
  readonly accounts: readonly RosterAccount[];
  readonly posts: readonly RosterPost[];
}

/** The codes of all units there may be. */
export const CODES = ["5134", "51340", "石桥-1", "a", "A", "b.c", "d_e", "o'brien", "100%", "'); drop", "\\", '"u"'];

const some = <Word>(words: readonly Word[]) => fc.uniqueArray(fc.constantFrom(...words.slice(0, 4)), { maxLength: 2 });
const facts = fc.record({
  kind: fc.constantFrom(...UNIT_KINDS),
  industries: some(INDUSTRIES),
  siteTypes: some(SITE_TYPES),
  grade: fc.option(fc.constantFrom(...GRADES)),
  watch: fc.boolean(),
  status: fc.constantFrom("active" as const, "active" as const, "suspended" as const, "closed" as const),
});

const once = <Row>(rows: readonly Row[], key: (row: Row) => string): readonly Row[] => [
  ...new Map(rows.map((row) => [key(row), row])).values(),
];

const MOST_PEOPLE = 7;

/** Small trees in which offices crowd, so that vacancies, deputies and people of several offices all come up. */
export const rosters: fc.Arbitrary<Roster> = fc
  .record({
    places: nestedTrees(CODES.length),
    facts: fc.array(facts, { minLength: CODES.length, maxLength: CODES.length }),
    people: fc.integer({ min: 3, max: MOST_PEOPLE }),
    accounts: fc.array(
      fc.record({
        person: fc.nat({ max: MOST_PEOPLE - 1 }),
        platform: fc.constantFrom("web" as const, "telegram" as const, "slack" as const),
        gone: fc.boolean(),
      }),
      { maxLength: 6 },
    ),
    posts: fc.array(
      fc.record({
        unit: fc.nat(),
        person: fc.nat(),
        post: fc.oneof(
          { weight: 3, arbitrary: fc.constantFrom<PostName>("principal", "official") },
          { weight: 2, arbitrary: fc.constantFrom<PostName>("safety_manager", "liaison", "worker") },
          fc.constantFrom(...POSTS),
        ),
        deputy: fc.boolean(),
      }),
      { minLength: 8, maxLength: 24 },
    ),
  })
  .map(({ places, facts: known, people, accounts, posts }) => ({
    units: places.flatMap((place, at) => {
      const fact = known[at];
      return fact ? [{ ...place, ...fact, code: CODES[at] ?? "" }] : [];
    }),
    people,
    accounts: accounts.filter(({ person }) => person < people),
    posts: once(
      posts.map((post) => ({ ...post, unit: post.unit % places.length, person: post.person % people })),
      ({ unit, person, post, deputy }) => `${unit} ${person} ${post} ${deputy}`,
    ),
  }));

const id = (place: number): bigint => BigInt(place + 1);

/** Empties the database and fills it with this roster. */
export const load = async (db: Db, { units, people, accounts, posts }: Roster): Promise<void> => {
  await startOver(db, "unit", "person", "notice");
  const rows = units.map(({ parent, ...unit }, at) => ({
    ...unit,
    id: id(at),
    name: unit.code,
    industries: [...unit.industries],
    siteTypes: [...unit.siteTypes],
    parentId: parent === null ? null : id(parent),
  }));
  const persons = Array.from({ length: people }, (_, at) => ({
    id: id(at),
    uid: `person-${at}`,
    nameCell: Buffer.from([at]),
    nameIndex: Buffer.from([at]),
  }));
  const addresses = accounts.map(({ person, platform, gone }, at) => ({
    id: id(at),
    personId: id(person),
    platform,
    addressCell: Buffer.from([at]),
    addressIndex: Buffer.from([at]),
    gone: gone ? "blocked" : null,
  }));
  const offices = posts.map(({ unit, person, post, deputy }, at) => ({
    id: id(at),
    unitId: id(unit),
    personId: id(person),
    post,
    deputy,
  }));
  await db.$transaction([
    db.unit.createMany({ data: rows }),
    db.person.createMany({ data: persons }),
    db.account.createMany({ data: addresses }),
    db.post.createMany({ data: offices }),
  ]);
};
