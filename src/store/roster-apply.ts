import type { EntryBytes, LedgerEvent } from "../ports/ledger.ts";
import type { Applied, ApplyHow, ExcusedObligation, ImportEntries, ImportId } from "../ports/store/roster-store.ts";
import { applyAccounts } from "./apply-accounts.ts";
import { Prisma } from "./generated/client.ts";
import { handOver } from "./hand-over.ts";
import { importTurn } from "./publish-turn.ts";

type Tx = Prisma.TransactionClient;

/** Units are in place before anything refers to them; whatever a new unit hangs under comes in the same set. */
const applyUnits = async (tx: Tx, run: ImportId): Promise<void> => {
  // Until its new place is written a former root hangs under itself: never are there two roots.
  await tx.$executeRaw`
    UPDATE "unit" u SET "parent_id" = u."id", "depth" = 1
    FROM "staged_row" s
    WHERE u."parent_id" IS NULL AND s."run_id" = ${run} AND s."kind" = 'unit' AND s."body"->>'code' = u."code"
      AND s."body"->>'parent' IS NOT NULL`;
  // The same for new units, whose parent may be as new as they are.
  await tx.$executeRaw`
    INSERT INTO "unit" ("id", "code", "name", "kind", "parent_id", "lft", "rgt", "depth")
    SELECT n."id", n."code", n."name", n."kind", CASE WHEN n."parent" IS NOT NULL THEN n."id" END,
           n."lft", n."rgt", n."depth"
    FROM (SELECT nextval(pg_get_serial_sequence('unit', 'id')) AS "id", r.*
          FROM "staged_row" s, jsonb_to_record(s."body") AS r(
            "code" text, "name" text, "kind" text, "parent" text, "lft" int, "rgt" int, "depth" int)
          WHERE s."run_id" = ${run} AND s."kind" = 'unit'
            AND NOT EXISTS (SELECT FROM "unit" u WHERE u."code" = r."code")
          ORDER BY s."id") n`;
  await tx.$executeRaw`
    UPDATE "unit" u
    SET "name" = r."name", "kind" = r."kind", "division" = r."division", "industries" = r."industries",
        "site_types" = r."site_types", "grade" = r."grade", "watch" = r."watch", "status" = r."status",
        "parent_id" = p."id", "lft" = r."lft", "rgt" = r."rgt", "depth" = r."depth"
    FROM "staged_row" s
    CROSS JOIN LATERAL jsonb_to_record(s."body") AS r(
      "code" text, "name" text, "kind" text, "parent" text, "division" text, "industries" text[], "site_types" text[],
      "grade" text, "watch" boolean, "status" text, "lft" int, "rgt" int, "depth" int)
    LEFT JOIN "unit" p ON p."code" = r."parent"
    WHERE s."run_id" = ${run} AND s."kind" = 'unit' AND u."code" = r."code"`;
  await tx.$executeRaw`
    UPDATE "unit" u SET "lft" = r."lft", "rgt" = r."rgt", "depth" = r."depth"
    FROM "staged_row" s
    CROSS JOIN LATERAL jsonb_to_record(s."body") AS r("code" text, "lft" int, "rgt" int, "depth" int)
    WHERE s."run_id" = ${run} AND s."kind" = 'place' AND u."code" = r."code"`;
};

const applyPeople = async (tx: Tx, run: ImportId): Promise<void> => {
  await tx.$executeRaw`
    INSERT INTO "person" ("uid", "locale", "name_cell", "name_index", "phone_cell", "phone_index")
    SELECT r.* FROM "staged_row" s, jsonb_to_record(s."body") AS r(
      "uid" text, "locale" text, "name_cell" bytea, "name_index" bytea, "phone_cell" bytea, "phone_index" bytea)
    WHERE s."run_id" = ${run} AND s."kind" = 'newcomer' ORDER BY s."id"`;
  await tx.$executeRaw`
    INSERT INTO "person_key" ("person_id", "wrapped")
    SELECT p."id", r."wrapped" FROM "staged_row" s
    CROSS JOIN LATERAL jsonb_to_record(s."body") AS r("uid" text, "wrapped" bytea)
    JOIN "person" p ON p."uid" = r."uid"
    WHERE s."run_id" = ${run} AND s."kind" = 'newcomer' ORDER BY s."id"`;
  await tx.$executeRaw`
    UPDATE "person" p
    SET "locale" = CASE WHEN p."locale_chosen" THEN p."locale" ELSE coalesce(r."locale", p."locale") END,
        "name_cell" = coalesce(r."name_cell", p."name_cell"), "name_index" = coalesce(r."name_index", p."name_index"),
        "phone_cell" = coalesce(r."phone_cell", p."phone_cell"), "phone_index" = coalesce(r."phone_index", p."phone_index")
    FROM "staged_row" s
    CROSS JOIN LATERAL jsonb_to_record(s."body") AS r(
      "uid" text, "locale" text, "name_cell" bytea, "name_index" bytea, "phone_cell" bytea, "phone_index" bytea)
    WHERE s."run_id" = ${run} AND s."kind" = 'person' AND p."uid" = r."uid"`;
};

const applyPosts = async (tx: Tx, run: ImportId): Promise<void> => {
  await tx.$executeRaw`
    DELETE FROM "post" p USING "staged_row" s
    WHERE s."run_id" = ${run} AND s."kind" = 'ended' AND p."id" = (s."body"->>'post')::bigint`;
  await tx.$executeRaw`
    INSERT INTO "post" ("unit_id", "person_id", "post", "deputy")
    SELECT u."id", p."id", r."post", r."deputy" FROM "staged_row" s
    CROSS JOIN LATERAL jsonb_to_record(s."body") AS r("uid" text, "unit" text, "post" text, "deputy" boolean)
    JOIN "person" p ON p."uid" = r."uid" JOIN "unit" u ON u."code" = r."unit"
    WHERE s."run_id" = ${run} AND s."kind" = 'post' ORDER BY s."id"
    ON CONFLICT DO NOTHING`;
};

/** Excuses what units that this import closed still owe; the cards of those who were asked show it. */
const excuseClosed = async (tx: Tx, run: ImportId): Promise<readonly ExcusedObligation[]> => {
  const excused = await tx.$queryRaw<ExcusedObligation[]>`
    WITH owed AS (
      SELECT o."id" FROM "staged_row" s JOIN "unit" u ON u."code" = s."body"->>'code'
      JOIN "obligation" o ON o."unit_id" = u."id" AND o."state" = 'open'
      WHERE s."run_id" = ${run} AND s."kind" = 'unit' AND u."status" = 'closed'
      ORDER BY o."id" FOR UPDATE OF o),
    done AS (
      UPDATE "obligation" o SET "state" = 'excused', "excuse" = 'unit-closed' FROM owed WHERE o."id" = owed."id"
      RETURNING o."id", o."notice_id", o."unit_id")
    SELECT n."number" AS "notice", done."id"::text AS "obligation", u."code" AS "unit", u."name" AS "unitName",
           'unit-closed' AS "reason"
    FROM done JOIN "notice" n ON n."id" = done."notice_id" JOIN "unit" u ON u."id" = done."unit_id"
    ORDER BY done."id"`;
  if (excused.length > 0)
    await tx.$executeRaw`
      UPDATE "delivery" d SET "wanted_rev" = d."wanted_rev" + 1
      FROM (SELECT DISTINCT o."notice_id", k."person_id" FROM "obligation" o JOIN "asked" k ON k."obligation_id" = o."id"
            WHERE o."id" = ANY (${excused.map(({ obligation }) => BigInt(obligation))}::bigint[])) a
      WHERE d."notice_id" = a."notice_id" AND d."person_id" = a."person_id"
        AND d."kind" = 'notice' AND d."state" NOT IN ('gone', 'refused', 'stopped')`;
  return excused;
};

/** Units where offices change hands. */
const changedUnits = (run: ImportId): Prisma.Sql => Prisma.sql`
  SELECT u."id" FROM "staged_row" s JOIN "unit" u ON u."code" = s."body"->>'unit'
  WHERE s."run_id" = ${run} AND s."kind" IN ('post', 'ended')`;

const tell = async (tx: Tx, entryBytes: EntryBytes, events: readonly LedgerEvent[]): Promise<void> => {
  const bodies = events.map((event) => Buffer.from(entryBytes(event)).toString("base64"));
  await tx.$executeRaw`
    INSERT INTO "ledger_inbox" ("body")
    SELECT decode(e."body", 'base64') FROM unnest(${bodies}::text[]) WITH ORDINALITY AS e("body", "at") ORDER BY e."at"`;
};

/**
 * Sets of statements within one transaction, which works on what is staged alone. Null, and nothing done, when it is not
 * this import's turn.
 */
export const applyStaged = async (
  tx: Tx,
  run: ImportId,
  entries: ImportEntries,
  how: ApplyHow,
  entryBytes: EntryBytes,
): Promise<Applied | null> => {
  const held = await tx.$executeRaw`
    UPDATE "import_run" SET "state" = 'applied' WHERE "id" = ${run} AND "state" = ${how.dryRun ? "trial" : "staging"}`;
  if (held === 0) return null;
  await importTurn(tx);
  // Compiling statements that run once takes longer than it saves.
  await tx.$executeRaw`SET LOCAL jit = off`;
  await applyUnits(tx, run);
  await applyPeople(tx, run);
  await applyAccounts(tx, run, how);
  await applyPosts(tx, run);
  const closed = await excuseClosed(tx, run);
  const { handedOver, excused: left } = await handOver(tx, changedUnits(run), how);
  const excused = [...closed, ...left];
  await tell(tx, entryBytes, [
    entries.imported,
    ...excused.map(entries.excused),
    ...handedOver.map(entries.handedOver),
  ]);
  await tx.$executeRaw`DELETE FROM "staged_row" WHERE "run_id" = ${run}`;
  return { excused, handedOver };
};
