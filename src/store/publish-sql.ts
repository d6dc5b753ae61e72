import { namesPost, speaksOf } from "../domain/audience.ts";
import { LANES } from "../domain/delivery.ts";
import type { Closing } from "../domain/notice.ts";
import { ANSWERING_POSTS } from "../domain/post.ts";
import type { Publication } from "../ports/store/notice-store.ts";
import { audienceSql, type Places } from "./audience-sql.ts";
import { Prisma } from "./generated/client.ts";
import { innermost } from "./innermost.ts";
import { PLAN_COLUMNS, type Planned } from "./plans.ts";
import { HOURS_COLUMNS, pushedOn } from "./push-sql.ts";

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

/** One obligation a unit, or one a person, each with its own time by the calendar of its unit. */
const owed = (noticeId: bigint, planned: readonly Planned[], closing: Closing): Prisma.Sql => {
  const needed = closing.kind === "quorum" ? closing.needed : 1;
  const person = closing.kind === "everyone" ? Prisma.sql`"person_id"` : Prisma.sql`NULL::bigint`;
  return Prisma.sql`
  owed AS (
    INSERT INTO "obligation" ("notice_id", "unit_id", "person_id", "needed", "due_at", "plan_id", "next_at", "state", "excuse")
    SELECT ${noticeId}, g."unit_id", g."person_id", greatest(1, least(${needed}::int, g."people")), t."due_at", t."plan_id", t."next_at",
           CASE WHEN g."status" = 'closed' THEN 'excused' ELSE 'open' END,
           CASE WHEN g."status" = 'closed' THEN 'unit-closed' END
    FROM (SELECT "unit_id", "lft", "status", ${person} AS "person_id", count("person_id")::int AS "people"
          FROM pair GROUP BY "unit_id", "lft", "status" ${closing.kind === "everyone" ? Prisma.sql`, "person_id"` : Prisma.empty}) g
    CROSS JOIN LATERAL ${innermost(Prisma.sql`g."lft"`, planned, PLAN_COLUMNS)} t
    RETURNING "id", "unit_id", "person_id", "state")`;
};

/** Why a message has nowhere to go, or null. */
const WHY = Prisma.sql`
  CASE WHEN "account_id" IS NOT NULL THEN NULL
       WHEN EXISTS (SELECT FROM "account" a WHERE a."person_id" = pair."person_id" AND a."gone" IS NOT NULL)
       THEN 'account-gone' ELSE 'no-account' END`;

/** A warning goes at once; where nobody would be disturbed otherwise its row says why it may. */
const warned = ({ draft, at, timetables }: Publication): Prisma.Sql => Prisma.sql`
  SELECT CASE WHEN "account_id" IS NULL THEN 'gone' ELSE 'pending' END AS "state", ${at}::timestamptz AS "at",
         NULL::timestamptz AS "until", NULL::text AS "push_day",
         CASE WHEN "account_id" IS NOT NULL AND (h."opens" IS NULL OR h."opens" > ${at}::timestamptz) THEN ${draft.urgency}::text END AS "bypass"
  FROM ${innermost(Prisma.sql`pair."lft"`, timetables, HOURS_COLUMNS)} h`;

/** An ordinary push keeps to people's hours, two a day; else it is told in the next digest. */
const pushed = ({ at, timetables }: Publication): Prisma.Sql => Prisma.sql`
  SELECT f."state", CASE WHEN f."state" = 'pending' THEN greatest(h."opens", ${at}::timestamptz) ELSE ${at}::timestamptz END AS "at",
         CASE WHEN f."state" = 'pending' THEN h."closes" END AS "until",
         CASE WHEN f."state" = 'pending' THEN h."day" END AS "push_day", NULL::text AS "bypass"
  FROM ${innermost(Prisma.sql`pair."lft"`, timetables, HOURS_COLUMNS)} h
  LEFT JOIN "pushes" c ON c."person_id" = pair."person_id" AND c."push_day" = h."day"
  CROSS JOIN LATERAL (
    SELECT CASE WHEN "account_id" IS NULL THEN 'gone'
                WHEN h."opens" IS NULL OR coalesce(c."pushes", 0) >= h."most" THEN 'folded' ELSE 'pending' END AS "state") f`;

/** One message a person, however many offices they hold; a person without an address is written down as not reached. */
const delivered = (noticeId: bigint, lane: number, publication: Publication): Prisma.Sql => Prisma.sql`
  delivered AS (
    INSERT INTO "delivery" ("notice_id", "person_id", "kind", "unit_id", "account_id", "platform", "lane", "state", "why", "at",
                            "until", "push_day", "bypass")
    SELECT ${noticeId}, "person_id", 'notice', "unit_id", "account_id", "platform", ${lane}::smallint,
           w."state", ${WHY}, w."at", w."until", w."push_day", w."bypass"
    FROM pair CROSS JOIN LATERAL (${LANES[lane] === "urgent" ? warned(publication) : pushed(publication)}) w
    WHERE "turn" = 1 ORDER BY "person_id"
    RETURNING "id", "bypass")`;

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

/**
 * What was pushed to them already on the day of the publication, for the rest of the transaction: counted once, and apart from
 * the rows that are being written, of which the planner knows nothing yet.
 */
export const pushesSql = ({ timetables }: Publication): Prisma.Sql => Prisma.sql`
  CREATE TEMPORARY TABLE "pushes" ON COMMIT DROP AS
  SELECT c.* FROM ${pushedOn(timetables.map(({ hours }) => hours.day))} c
  WHERE c."person_id" IN (SELECT "person_id" FROM "meant")`;

/**
 * What those owe who are meant, and the message to each, for the units of these numbers. Returns how many of both, and
 * how many of the messages come when nobody else would be disturbed.
 */
export const writeSql = (
  noticeId: bigint,
  lane: number,
  publication: Publication,
  planned: readonly Planned[],
  units: { readonly from: number; readonly to: number },
): Prisma.Sql => {
  const { draft } = publication;
  const duties =
    draft.ack === "none"
      ? Prisma.sql`owed AS (SELECT NULL::bigint AS "id", NULL::bigint AS "unit_id", NULL::bigint AS "person_id", NULL AS "state" WHERE FALSE)`
      : owed(noticeId, planned, draft.closing);
  return Prisma.sql`
  WITH pair AS MATERIALIZED (SELECT * FROM "meant" WHERE "number" BETWEEN ${units.from}::int AND ${units.to}::int),
  ${duties}, ${asked(draft.closing.kind === "everyone")}, ${delivered(noticeId, lane, publication)}
  SELECT (SELECT count(*)::int FROM owed WHERE "state" = 'open') AS "obligations",
         (SELECT count(*)::int FROM delivered) AS "recipients",
         (SELECT count("bypass")::int FROM delivered) AS "bypasses"`;
};
