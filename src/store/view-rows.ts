import { Prisma } from "./generated/client.ts";
import { titleIn } from "./title-in.ts";

type Sql = Prisma.TransactionClient;

export interface MessageRow {
  id: bigint;
  kind: string;
  round: number;
  page: number;
  repeats: number;
  sent_at: Date | null;
  notice_id: bigint | null;
  person_id: bigint;
  phrase: unknown;
  bypass: string | null;
  unit_id: bigint | null;
  at: Date;
  uid: string;
  locale: string | null;
  name_cell: Uint8Array;
  wrapped: Uint8Array;
  /** The version before, where this person has a card of it, or may have. */
  previous_id: bigint | null;
  /** Whether they had answered it. */
  answered_previous: boolean;
  /** Whether they have a card of the version after. */
  has_successor: boolean;
}

/** The messages themselves, and who reads them; without those whose person was erased. */
export const messageRows = (db: Sql, ids: readonly bigint[]) => db.$queryRaw<MessageRow[]>`
  SELECT d."id", d."kind", d."round", d."page", d."repeats", d."sent_at", d."notice_id", d."person_id", d."phrase",
         d."bypass", d."unit_id", d."at",
         p."uid", p."locale", p."name_cell", k."wrapped",
         (SELECT n."supersedes_id" FROM "delivery" o
          WHERE coalesce(o."notice_id", 0) = n."supersedes_id" AND o."person_id" = d."person_id" AND o."kind" = 'notice'
            AND o."state" IN ('sending', 'sent', 'delivered', 'seen', 'in-doubt')) AS "previous_id",
         EXISTS (SELECT FROM "asked" k JOIN "obligation" o ON o."id" = k."obligation_id"
                 JOIN "answer" a ON a."obligation_id" = o."id" AND a."person_id" = k."person_id"
                 WHERE k."person_id" = d."person_id" AND o."notice_id" = n."supersedes_id" AND a."taken_back_at" IS NULL)
           AS "answered_previous",
         EXISTS (SELECT FROM "notice" s JOIN "delivery" l ON coalesce(l."notice_id", 0) = s."id"
                 WHERE s."supersedes_id" = n."id" AND l."person_id" = d."person_id" AND l."kind" = 'notice')
           AS "has_successor"
  FROM "delivery" d JOIN "person" p ON p."id" = d."person_id" JOIN "person_key" k ON k."person_id" = p."id"
  LEFT JOIN "notice" n ON n."id" = d."notice_id"
  WHERE d."id" = ANY (${[...ids]}::bigint[])`;

export interface NoticeRow {
  id: bigint;
  number: string;
  urgency: string;
  ack: string;
  closing: string;
  quorum: number | null;
  state: string;
  issuer: string;
  due_at: Date | null;
  due_provisional: boolean;
  seconds: number;
  /** Of the notice's first version. */
  first: string;
  locale: string;
  title: string;
  body: string;
  hash: string;
  recall_reason: string | null;
  successor: string | null;
}

/** Notices with all their language versions, a row each. */
export const noticeRows = (db: Sql, notices: readonly bigint[]) => db.$queryRaw<NoticeRow[]>`
  SELECT n."id", n."number", n."urgency", n."ack", n."closing", n."quorum", n."state", u."name" AS "issuer",
         n."due_at", n."due_provisional", n."seconds", n."locale" AS "first", t."locale", t."title", t."body", t."hash",
         n."recall_reason", s."number" AS "successor"
  FROM "notice" n JOIN "unit" u ON u."id" = n."issuer_id" JOIN "notice_text" t ON t."notice_id" = n."id"
  LEFT JOIN "notice" s ON s."supersedes_id" = n."id"
  WHERE n."id" = ANY (${[...notices]}::bigint[])`;

export interface DutyRow {
  notice_id: bigint;
  person_id: bigint;
  id: bigint;
  unit: string;
  post: string;
  deputy: boolean;
  state: string;
  generation: number;
  due_at: Date | null;
  by_id: bigint | null;
  by_uid: string | null;
  by_name: Uint8Array | null;
  by_wrapped: Uint8Array | null;
  how: string | null;
  answered_at: Date | null;
  late: boolean | null;
}

/** What these people were asked for under these notices, with their own standing answer or else the latest of anybody. */
export const dutyRows = (db: Sql, messages: readonly MessageRow[]) => {
  const asked = messages.filter(({ notice_id }) => notice_id !== null);
  return db.$queryRaw<DutyRow[]>`
  SELECT o."notice_id", k."person_id", o."id", u."name" AS "unit", k."post", k."deputy", o."state", o."generation",
         o."due_at", a."person_id" AS "by_id", p."uid" AS "by_uid", p."name_cell" AS "by_name",
         pk."wrapped" AS "by_wrapped", a."how", a."at" AS "answered_at", a."late"
  FROM unnest(${asked.map(({ notice_id }) => notice_id)}::bigint[], ${asked.map(({ person_id }) => person_id)}::bigint[])
    AS w("notice_id", "person_id")
  JOIN "asked" k ON k."person_id" = w."person_id"
  JOIN "obligation" o ON o."id" = k."obligation_id" AND o."notice_id" = w."notice_id"
  JOIN "unit" u ON u."id" = o."unit_id"
  LEFT JOIN LATERAL (
    SELECT x."person_id", x."how", x."at", x."late" FROM "answer" x
    WHERE x."obligation_id" = o."id" AND x."taken_back_at" IS NULL
    ORDER BY (x."person_id" = k."person_id") DESC, x."at" DESC, x."id" DESC LIMIT 1) a ON TRUE
  LEFT JOIN "person" p ON p."id" = a."person_id" LEFT JOIN "person_key" pk ON pk."person_id" = p."id"
  ORDER BY u."lft", o."id"`;
};

/** Which of these people were asked under these notices and are so no more. */
export const releasedRows = (db: Sql, messages: readonly MessageRow[]) => {
  const sent = messages.filter(({ notice_id }) => notice_id !== null);
  return db.$queryRaw<{ notice_id: bigint; person_id: bigint }[]>`
  SELECT DISTINCT o."notice_id", r."person_id"
  FROM unnest(${sent.map(({ notice_id }) => notice_id)}::bigint[], ${sent.map(({ person_id }) => person_id)}::bigint[])
    AS w("notice_id", "person_id")
  JOIN "released" r ON r."person_id" = w."person_id"
  JOIN "obligation" o ON o."id" = r."obligation_id" AND o."notice_id" = w."notice_id"`;
};

export interface TodoRow {
  person_id: bigint;
  delivery: bigint;
  round: number;
  number: string;
  title: string;
  ack: string;
  due_at: Date | null;
  units: string[];
  fresh: boolean;
  batch: boolean;
}

/** Told in a digest, or about to be, and not sent by itself. */
const FRESH = Prisma.sql`(d."state" = 'folded' OR d."ref" IS NULL AND d."state" IN ('sent', 'seen'))`;

/**
 * Everything that these people still owe, a row a notice, the earliest due first; and last what asks for nothing and was
 * only told of so far.
 */
export const todoRows = (
  db: Sql,
  readers: readonly { readonly person: bigint; readonly locale: string }[],
) => db.$queryRaw<TodoRow[]>`
  SELECT w."person_id", d."id" AS "delivery", d."round", n."number", n."ack", min(o."due_at") AS "due_at",
         array_agg(u."name" ORDER BY u."lft") AS "units", ${FRESH} AS "fresh",
         n."urgency" IN ('routine', 'priority') AND NOT EXISTS (
           SELECT FROM "plan" p JOIN "plan_step" s ON s."plan_id" = p."id" WHERE p."notice_id" = n."id" AND s."any_hour") AS "batch",
         ${titleIn(Prisma.sql`w."locale"`)} AS "title"
  FROM unnest(${readers.map(({ person }) => person)}::bigint[], ${readers.map(({ locale }) => locale)}::text[])
    AS w("person_id", "locale")
  JOIN "asked" k ON k."person_id" = w."person_id"
  JOIN "obligation" o ON o."id" = k."obligation_id" AND o."state" = 'open'
  JOIN "notice" n ON n."id" = o."notice_id" AND n."state" = 'published'
  JOIN "unit" u ON u."id" = o."unit_id"
  JOIN "delivery" d ON d."person_id" = w."person_id" AND d."notice_id" = n."id" AND d."kind" = 'notice'
  WHERE NOT EXISTS (
    SELECT FROM "answer" x
    WHERE x."obligation_id" = o."id" AND x."person_id" = w."person_id" AND x."taken_back_at" IS NULL)
  GROUP BY w."person_id", w."locale", d."id", n."id"
  UNION ALL
  SELECT w."person_id", d."id", d."round", n."number", n."ack", NULL, ARRAY[]::text[], TRUE, FALSE,
         ${titleIn(Prisma.sql`w."locale"`)}
  FROM unnest(${readers.map(({ person }) => person)}::bigint[], ${readers.map(({ locale }) => locale)}::text[])
    AS w("person_id", "locale")
  JOIN "delivery" d ON d."person_id" = w."person_id" AND d."kind" = 'notice' AND ${FRESH}
  JOIN "notice" n ON n."id" = d."notice_id" AND n."state" = 'published' AND n."ack" = 'none'
  ORDER BY "due_at" NULLS LAST, "delivery"`;
