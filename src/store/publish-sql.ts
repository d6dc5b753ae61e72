import { namesPost, speaksOf } from "../domain/audience.ts";
import type { Closing } from "../domain/notice.ts";
import { ANSWERING_POSTS } from "../domain/post.ts";
import type { Publication } from "../ports/store/notice-store.ts";
import { audienceSql, type Places } from "./audience-sql.ts";
import { Prisma } from "./generated/client.ts";

/** Who is meant, and over what they may be reached. */
type Meant = Pick<Publication, "audience" | "platforms">;

/** Where each of these people is reached: the first account of the preferred platforms that still works. */
const reachable = (platforms: readonly string[], people: Prisma.Sql): Prisma.Sql => Prisma.sql`
  reach AS MATERIALIZED (
    SELECT DISTINCT ON (a."person_id") a."person_id", a."id" AS "account_id", a."platform"
    FROM "account" a
    WHERE a."gone" IS NULL AND a."platform" = ANY (${[...platforms]}) AND a."person_id" IN (SELECT "person_id" FROM ${people})
    ORDER BY a."person_id", array_position(${[...platforms]}, a."platform"), a."id")`;

/** Every holder of the offices that the audience names. Workers are meant only where it speaks of them. */
const holders = ({ audience, platforms }: Meant, places: Places): Prisma.Sql => Prisma.sql`
  holder AS MATERIALIZED (
    SELECT DISTINCT ON (u."id", p."person_id")
           u."id" AS "unit_id", u."lft", u."status", p."person_id", p."post", p."deputy"
    FROM "unit" u JOIN "post" p ON p."unit_id" = u."id" AND NOT p."deputy"
    WHERE ${audienceSql(audience, places)}
      ${speaksOf(audience, "worker") ? Prisma.empty : Prisma.sql`AND p."post" <> 'worker'`}
    ORDER BY u."id", p."person_id", p."id"),
  ${reachable(platforms, Prisma.sql`holder`)},
  pair AS (
    SELECT h.*, r."account_id", r."platform" FROM holder h LEFT JOIN reach r ON r."person_id" = h."person_id")`;

/**
 * For each unit the one who answers for it: the holder of its first filled office, or that office's deputy where the
 * holder cannot be reached. A unit where nobody holds any of them stays in, with nobody to ask.
 */
const answerers = ({ audience, platforms }: Meant, places: Places): Prisma.Sql => {
  const order = [...ANSWERING_POSTS];
  return Prisma.sql`
  candidate AS MATERIALIZED (
    SELECT u."id" AS "unit_id", u."lft", u."status", p."person_id", p."post", p."deputy"
    FROM "unit" u
    LEFT JOIN "post" p ON p."unit_id" = u."id" AND p."post" = ANY (${order})
    WHERE ${audienceSql(audience, places)}),
  ${reachable(platforms, Prisma.sql`candidate`)},
  pair AS (
    SELECT DISTINCT ON ("unit_id") "unit_id", "lft", "status", "person_id", "post", "deputy", "account_id", "platform"
    FROM (SELECT c.*, r."account_id", r."platform",
                 bool_or(NOT c."deputy") OVER (PARTITION BY c."unit_id", c."post") AS "filled"
          FROM candidate c LEFT JOIN reach r ON r."person_id" = c."person_id") c
    ORDER BY "unit_id", "filled" DESC NULLS LAST, array_position(${order}, "post"), "account_id" IS NULL, "deputy", "person_id")`;
};

/** One obligation a unit, or one a person. */
const owed = (noticeId: bigint, dueAt: Date | null, closing: Closing): Prisma.Sql => {
  const needed = closing.kind === "quorum" ? closing.needed : 1;
  const person = closing.kind === "everyone" ? Prisma.sql`"person_id"` : Prisma.sql`NULL::bigint`;
  return Prisma.sql`
  owed AS (
    INSERT INTO "obligation" ("notice_id", "unit_id", "person_id", "needed", "due_at", "state", "excuse")
    SELECT ${noticeId}, "unit_id", ${person}, greatest(1, least(${needed}::int, count("person_id")::int)), ${dueAt}::timestamptz,
           CASE WHEN "status" = 'closed' THEN 'excused' ELSE 'open' END,
           CASE WHEN "status" = 'closed' THEN 'unit-closed' END
    FROM pair GROUP BY "unit_id", "status" ${closing.kind === "everyone" ? Prisma.sql`, "person_id"` : Prisma.empty}
    RETURNING "id", "unit_id", "person_id", "state")`;
};

/** One message a person, however many offices they hold; a person without an address is written down as not reached. */
const delivered = (noticeId: bigint, lane: number, at: Date): Prisma.Sql => Prisma.sql`
  delivered AS (
    INSERT INTO "delivery" ("notice_id", "person_id", "kind", "unit_id", "account_id", "platform", "lane", "state", "why", "at")
    SELECT ${noticeId}, "person_id", 'notice', "unit_id", "account_id", "platform", ${lane}::smallint,
           CASE WHEN "account_id" IS NULL THEN 'gone' ELSE 'pending' END,
           CASE WHEN "account_id" IS NOT NULL THEN NULL
                WHEN EXISTS (SELECT FROM "account" a WHERE a."person_id" = pair."person_id" AND a."gone" IS NOT NULL)
                THEN 'account-gone' ELSE 'no-account' END,
           ${at}::timestamptz
    FROM pair WHERE "turn" = 1 ORDER BY "person_id"
    RETURNING "id")`;

const asked = (everyone: boolean): Prisma.Sql => Prisma.sql`
  asked AS (
    INSERT INTO "asked" ("obligation_id", "person_id", "post", "deputy")
    SELECT o."id", pair."person_id", pair."post", pair."deputy"
    FROM pair JOIN owed o ON o."unit_id" = pair."unit_id" ${everyone ? Prisma.sql`AND o."person_id" = pair."person_id"` : Prisma.empty}
    WHERE pair."person_id" IS NOT NULL AND o."state" = 'open'
    RETURNING "obligation_id")`;

/**
 * Puts together who is meant, for the rest of the transaction: `number` counts their units, and `turn` is 1 where a person is
 * written to, which is in the first of their units.
 */
export const gatherSql = (meant: Meant, places: Places): Prisma.Sql => {
  const pairs = namesPost(meant.audience) ? holders(meant, places) : answerers(meant, places);
  return Prisma.sql`
  CREATE TEMPORARY TABLE "meant" ON COMMIT DROP AS
  WITH ${pairs}
  SELECT pair.*, dense_rank() OVER (ORDER BY "unit_id")::int AS "number",
         CASE WHEN "person_id" IS NOT NULL AND "status" <> 'closed'
              THEN row_number() OVER (PARTITION BY "person_id", "status" = 'closed' ORDER BY "lft") END AS "turn"
  FROM pair`;
};

/** What those owe who are meant, and the message to each, for the units of these numbers. Returns how many of both. */
export const writeSql = (
  noticeId: bigint,
  lane: number,
  { draft, dueAt, at }: Publication,
  units: { readonly from: number; readonly to: number },
): Prisma.Sql => {
  const duties =
    draft.ack === "none"
      ? Prisma.sql`owed AS (SELECT NULL::bigint AS "id", NULL::bigint AS "unit_id", NULL::bigint AS "person_id", NULL AS "state" WHERE FALSE)`
      : owed(noticeId, dueAt, draft.closing);
  return Prisma.sql`
  WITH pair AS MATERIALIZED (SELECT * FROM "meant" WHERE "number" BETWEEN ${units.from}::int AND ${units.to}::int),
  ${duties}, ${asked(draft.closing.kind === "everyone")}, ${delivered(noticeId, lane, at)}
  SELECT (SELECT count(*)::int FROM owed WHERE "state" = 'open') AS "obligations",
         (SELECT count(*)::int FROM delivered) AS "recipients"`;
};
