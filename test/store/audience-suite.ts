import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Audience } from "../../src/domain/audience.ts";
import { audienceSql } from "../../src/store/audience-sql.ts";
import type { Db } from "../../src/store/client.ts";
import { audiences } from "../domain/audiences.ts";
import type { Open } from "../scripted/open.ts";
import { isMeant } from "./naive-audience.ts";
import type { Roster } from "./rosters.ts";
import { CODES, load, rosters } from "./rosters.ts";

/** Pairs of unit and office, by the ids they have in the database. */
const selected = async (db: Db, audience: Audience): Promise<readonly string[]> => {
  const rows = await db.$queryRaw<{ unit: bigint; post: bigint }[]>`
    SELECT u."id" AS "unit", p."id" AS "post" FROM "unit" u JOIN "post" p ON p."unit_id" = u."id"
    WHERE ${audienceSql(audience)} ORDER BY u."id", p."id"`;
  return rows.map(({ unit, post }) => `${unit} ${post}`);
};

const meant = (roster: Roster, audience: Audience): readonly string[] =>
  roster.units.flatMap((unit, at) =>
    roster.posts.flatMap((post, index) =>
      post.unit === at && isMeant(roster, audience, unit, post) ? [`${at + 1} ${index + 1}`] : [],
    ),
  );

const selectedUnits = async (db: Db, audience: Audience): Promise<readonly string[]> => {
  const rows = await db.$queryRaw<{ code: string }[]>`
    SELECT u."code" FROM "unit" u WHERE ${audienceSql(audience)} ORDER BY u."id"`;
  return rows.map(({ code }) => code);
};

/** What every database must make of an audience. */
export const audienceSuite = (open: () => Promise<Open>, numRuns: number): void => {
  let db: Db;
  let close: () => Promise<void>;
  beforeAll(async () => {
    ({ db, close } = await open());
  });
  afterAll(() => close());

  describe("an audience as SQL", () => {
    it("selects exactly what reading it word by word selects", async () => {
      const several = (posts: boolean) =>
        fc.array(audiences({ codes: CODES, posts }), { minLength: 12, maxLength: 12 });
      await fc.assert(
        fc.asyncProperty(rosters, several(true), several(false), async (roster, ofPosts, ofUnits) => {
          await load(db, roster);
          for (const audience of ofPosts) expect(await selected(db, audience)).toEqual(meant(roster, audience));
          for (const audience of ofUnits) {
            const codes = roster.units.filter((unit) => isMeant(roster, audience, unit, null)).map(({ code }) => code);
            expect(await selectedUnits(db, audience)).toEqual(codes);
          }
        }),
        { numRuns },
      );
    });

    it.each(['\'); DROP TABLE "unit"; --', "' OR TRUE --", "%", "_", "\\", "$1", "u.code", "5134\u2028", "NULL"])(
      "takes the code %j for a code and nothing else",
      async (code) => {
        const unit = { kind: "enterprise", depth: 0, lft: 1, rgt: 2, name: "x" };
        await db.$executeRaw`TRUNCATE "unit" CASCADE`;
        await db.unit.create({ data: { ...unit, code: "another" } });
        for (const kind of ["unit", "within"] as const) expect(await selectedUnits(db, { kind, code })).toEqual([]);
        await db.unit.update({ where: { code: "another" }, data: { code } });
        for (const kind of ["unit", "within"] as const) expect(await selectedUnits(db, { kind, code })).toEqual([code]);
      },
    );

    it("hands every word of its author over as a parameter", () => {
      const code = "needle'\"";
      const sql = audienceSql({
        kind: "or",
        of: [
          { kind: "within", code },
          { kind: "not", of: { kind: "unit", code } },
          { kind: "grade", value: code as "A" },
          { kind: "industry", value: code as "gas" },
          { kind: "site", value: code as "mall" },
          { kind: "kind", value: code as "site" },
          { kind: "post", value: code as "worker" },
        ],
      });
      expect(sql.values).toEqual(Array.from({ length: 7 }, () => code));
      expect(sql.sql).not.toContain("needle");
    });

    it("knows a unit about which nothing is said", async () => {
      await db.$executeRaw`TRUNCATE "unit" CASCADE`;
      await db.$executeRaw`
        INSERT INTO "unit" ("code", "name", "kind", "lft", "rgt", "depth", "industries", "site_types")
        VALUES ('bare', 'bare', 'site', 1, 2, 0, NULL, NULL)`;
      for (const audience of [
        { kind: "industry", value: "gas" },
        { kind: "site", value: "mall" },
        { kind: "grade", value: "A" },
      ] as const) {
        expect(await selectedUnits(db, audience)).toEqual([]);
        expect(await selectedUnits(db, { kind: "not", of: audience })).toEqual(["bare"]);
      }
    });
  });
};
