import { ANSWERING_POSTS } from "../domain/post.ts";
import { Prisma } from "./generated/client.ts";
import type { Orphaned } from "./lapsed.ts";

type Tx = Prisma.TransactionClient;

/** Somebody who is asked from now on. */
export interface Successor {
  readonly obligation: bigint;
  readonly uid: string;
}

const rows = (owed: readonly Orphaned[]): Prisma.Sql => Prisma.sql`
  jsonb_to_recordset(${JSON.stringify(owed.map(({ id, posts }) => ({ id: String(id), posts })))}::jsonb)
    AS w("id" bigint, "posts" text[])`;

/**
 * Asks for what units owe. Where the audience names offices: every holder of the office that was left. Where that asks
 * nobody, or the audience names none: the one whom a notice published now would ask, the deputy of the office that was
 * left before other offices.
 */
const askUnits = (tx: Tx, owed: readonly Orphaned[], platforms: readonly string[]) => {
  const order = [...ANSWERING_POSTS];
  return tx.$queryRaw<Successor[]>`
  WITH owed AS MATERIALIZED (
    SELECT o."id", o."unit_id", w."posts" FROM ${rows(owed)} JOIN "obligation" o ON o."id" = w."id" AND o."state" = 'open'),
  same AS (
    SELECT DISTINCT ON (o."id", p."person_id") o."id", p."person_id", p."post", p."deputy"
    FROM owed o JOIN "post" p ON p."unit_id" = o."unit_id" AND p."post" = ANY (o."posts") AND NOT p."deputy"
    WHERE NOT EXISTS (SELECT FROM "asked" k WHERE k."obligation_id" = o."id" AND k."person_id" = p."person_id")
    ORDER BY o."id", p."person_id", p."id"),
  candidate AS (
    SELECT o."id", o."posts", p."person_id", p."post", p."deputy",
           bool_or(NOT p."deputy") OVER (PARTITION BY o."id", p."post") AS "filled",
           NOT EXISTS (SELECT FROM "account" a WHERE a."person_id" = p."person_id" AND a."gone" IS NULL
                       AND a."platform" = ANY (${[...platforms]})) AS "unreached"
    FROM owed o JOIN "post" p ON p."unit_id" = o."unit_id" AND (p."post" = ANY (${order}) OR p."post" = ANY (o."posts"))
    WHERE NOT EXISTS (SELECT FROM "asked" k WHERE k."obligation_id" = o."id")
      AND NOT EXISTS (SELECT FROM same s WHERE s."id" = o."id")),
  answering AS (
    SELECT DISTINCT ON ("id") "id", "person_id", "post", "deputy" FROM candidate
    ORDER BY "id", "post" = ANY ("posts") DESC, "filled" DESC, array_position(${order}, "post"), "unreached", "deputy", "person_id"),
  asked AS (
    INSERT INTO "asked" ("obligation_id", "person_id", "post", "deputy")
    SELECT * FROM same UNION ALL SELECT * FROM answering
    RETURNING "obligation_id", "person_id")
  SELECT a."obligation_id" AS "obligation", p."uid" FROM asked a JOIN "person" p ON p."id" = a."person_id"
  ORDER BY a."obligation_id", p."uid"`;
};

/** What people owe for themselves goes to as many holders of the same office in the same unit who do not owe it yet. */
const askPeople = (tx: Tx, owed: readonly Orphaned[]) => tx.$queryRaw<Successor[]>`
  WITH lost AS MATERIALIZED (
    SELECT o."id", o."notice_id", o."unit_id", w."posts"[1] AS "post",
           row_number() OVER (PARTITION BY o."notice_id", o."unit_id", w."posts"[1] ORDER BY o."id") AS "turn"
    FROM ${rows(owed)} JOIN "obligation" o ON o."id" = w."id" AND o."state" = 'open'),
  free AS (
    SELECT l."notice_id", l."unit_id", p."post", p."person_id",
           row_number() OVER (PARTITION BY l."notice_id", l."unit_id", p."post" ORDER BY p."id") AS "turn"
    FROM (SELECT DISTINCT "notice_id", "unit_id", "post" FROM lost) l
    JOIN "post" p ON p."unit_id" = l."unit_id" AND p."post" = l."post" AND NOT p."deputy"
    WHERE NOT EXISTS (SELECT FROM "obligation" x WHERE x."notice_id" = l."notice_id" AND x."unit_id" = l."unit_id"
                      AND x."person_id" = p."person_id")),
  taken AS (
    UPDATE "obligation" o SET "person_id" = f."person_id"
    FROM lost l JOIN free f USING ("notice_id", "unit_id", "post", "turn") WHERE o."id" = l."id"
    RETURNING o."id", f."person_id", f."post"),
  asked AS (
    INSERT INTO "asked" ("obligation_id", "person_id", "post", "deputy")
    SELECT "id", "person_id", "post", FALSE FROM taken)
  SELECT t."id" AS "obligation", p."uid" FROM taken t JOIN "person" p ON p."id" = t."person_id" ORDER BY t."id"`;

/** Asks whoever answers now, and returns who that is. Whoever is asked again was never released. */
export const askSuccessors = async (
  tx: Tx,
  orphaned: readonly Orphaned[],
  platforms: readonly string[],
): Promise<readonly Successor[]> => {
  const [own, shared] = [orphaned.filter((each) => each.own), orphaned.filter((each) => !each.own)];
  const asked = [
    ...(shared.length > 0 ? await askUnits(tx, shared, platforms) : []),
    ...(own.length > 0 ? await askPeople(tx, own) : []),
  ];
  await tx.$executeRaw`
    DELETE FROM "released" r USING "asked" k
    WHERE k."obligation_id" = r."obligation_id" AND k."person_id" = r."person_id"
      AND k."obligation_id" = ANY (${asked.map(({ obligation }) => obligation)}::bigint[])`;
  return asked;
};
