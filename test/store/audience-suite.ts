import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import type { Audience } from "../../src/domain/audience.ts";
import { audienceSql, placesOf } from "../../src/store/audience-sql.ts";
import type { Db } from "../../src/store/client.ts";
import { Prisma } from "../../src/store/generated/client.ts";
import { audiences } from "../domain/audiences.ts";
import { emptyTables } from "../setup/empty-tables.ts";
import { isMeant } from "./naive-audience.ts";
import type { Roster } from "./rosters.ts";
import { CODES, load, rosters } from "./rosters.ts";

/** For each of these audiences the rows that it selects, by code and office; in one question, because there are many. */
const selected = async (
  db: Db,
  audiences: readonly Audience[],
  posts: boolean,
): Promise<readonly (readonly string[])[]> => {
  const places = await placesOf(db, { kind: "or", of: audiences });
  const conditions = audiences.map((audience) => Prisma.sql`(${audienceSql(audience, places)}) IS TRUE`);
  const offices = posts ? Prisma.sql`JOIN "post" p ON p."unit_id" = u."id"` : Prisma.empty;
  const office = posts ? Prisma.sql`p."id"` : Prisma.sql`0::bigint`;
  const rows = await db.$queryRaw<{ code: string; post: bigint; meant: readonly boolean[] }[]>`
    SELECT u."code", ${office} AS "post", ARRAY[${Prisma.join(conditions)}] AS "meant"
    FROM "unit" u ${offices} ORDER BY u."id", "post"`;
  return audiences.map((_, at) => rows.filter(({ meant }) => meant[at]).map(({ code, post }) => `${code} ${post}`));
};

const meant = (roster: Roster, audience: Audience, posts: boolean): readonly string[] =>
  roster.units.flatMap((unit, at) => {
    const held = roster.posts.flatMap((post, index) => (post.unit === at ? [{ post, id: index + 1 }] : []));
    const offices = posts ? held : [{ post: null, id: 0 }];
    return offices.filter(({ post }) => isMeant(roster, audience, unit, post)).map(({ id }) => `${unit.code} ${id}`);
  });

/** What every database must make of an audience. */
export const audienceSuite = (database: () => Db, numRuns: number): void => {
  let db: Db;
  beforeAll(() => {
    db = database();
  });

  describe("an audience as SQL", () => {
    it("selects exactly what reading it word by word selects", async () => {
      const several = (posts: boolean) =>
        fc.array(audiences({ codes: CODES, posts }), { minLength: 20, maxLength: 20 });
      await fc.assert(
        fc.asyncProperty(rosters, several(true), several(false), async (roster, ofPosts, ofUnits) => {
          await load(db, roster);
          for (const [asked, posts] of [
            [ofPosts, true],
            [ofUnits, false],
          ] as const) {
            const found = await selected(db, asked, posts);
            for (const [at, audience] of asked.entries())
              expect({ audience, rows: found[at] }).toEqual({ audience, rows: meant(roster, audience, posts) });
          }
        }),
        { numRuns },
      );
    }, 60_000);

    it.each(['\'); DROP TABLE "unit"; --', "' OR TRUE --", "%", "_", "\\", "$1", "u.code", "5134\u2028", "NULL"])(
      "takes the code %j for a code and nothing else",
      async (code) => {
        const unit = { kind: "enterprise", depth: 0, lft: 1, rgt: 2, name: "x" };
        await emptyTables(db, "unit");
        await db.unit.create({ data: { ...unit, code: "another" } });
        const both = [
          { kind: "unit", code },
          { kind: "within", code },
        ] as const;
        expect(await selected(db, both, false)).toEqual([[], []]);
        await db.unit.update({ where: { code: "another" }, data: { code } });
        expect(await selected(db, both, false)).toEqual([[`${code} 0`], [`${code} 0`]]);
      },
    );

    it("hands every word of its author over as a parameter", () => {
      const code = "needle'\"";
      const of: Audience[] = [
        { kind: "within", code },
        { kind: "not", of: { kind: "unit", code } },
        { kind: "grade", value: code as "A" },
        { kind: "industry", value: code as "gas" },
        { kind: "site", value: code as "mall" },
        { kind: "kind", value: code as "site" },
        { kind: "post", value: code as "worker" },
      ];
      const sql = audienceSql({ kind: "or", of }, new Map([[code, { lft: 3, rgt: 8 }]]));
      expect(sql.values).toEqual([3, 8, ...Array.from({ length: 6 }, () => code)]);
      expect(sql.sql).not.toContain("needle");
    });

    it("knows a unit about which nothing is said", async () => {
      await emptyTables(db, "unit");
      await db.$executeRaw`
        INSERT INTO "unit" ("code", "name", "kind", "lft", "rgt", "depth", "industries", "site_types")
        VALUES ('bare', 'bare', 'site', 1, 2, 0, NULL, NULL)`;
      const words = [
        { kind: "industry", value: "gas" },
        { kind: "site", value: "mall" },
        { kind: "grade", value: "A" },
      ] as const;
      expect(await selected(db, words, false)).toEqual([[], [], []]);
      const others = words.map((of) => ({ kind: "not", of }) as const);
      expect(await selected(db, others, false)).toEqual([["bare 0"], ["bare 0"], ["bare 0"]]);
    });
  });
};
