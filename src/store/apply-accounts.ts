import { phrase } from "../dialogue/phrase.ts";
import { LANES } from "../domain/delivery.ts";
import type { ImportId } from "../ports/store/roster-store.ts";
import { follow } from "./follow-account.ts";
import { Prisma } from "./generated/client.ts";
import { forgetGuests } from "./guests.ts";

type Tx = Prisma.TransactionClient;

interface AccountsHow {
  readonly now: Date;
  readonly platforms: readonly string[];
}

/** Adds what is new; an account that had been replaced and is named again takes its place back. */
const add = (tx: Tx, run: ImportId) => tx.$executeRaw`
  INSERT INTO "account" AS a ("person_id", "platform", "address_cell", "address_index")
  SELECT p."id", r."platform", r."address_cell", r."address_index" FROM "staged_row" s
  CROSS JOIN LATERAL jsonb_to_record(s."body") AS r(
    "uid" text, "platform" text, "address_cell" bytea, "address_index" bytea)
  JOIN "person" p ON p."uid" = r."uid"
  WHERE s."run_id" = ${run} AND s."kind" = 'account'
    -- A personal link may have given them their web chat meanwhile.
    AND NOT (r."platform" = 'web' AND EXISTS (
      SELECT FROM "account" a WHERE a."person_id" = p."id" AND a."platform" = 'web'))
  ORDER BY s."id"
  ON CONFLICT ("platform", "address_index") DO UPDATE SET "gone" = NULL WHERE a."person_id" = excluded."person_id"`;

const replace = (tx: Tx, run: ImportId) => tx.$executeRaw`
  UPDATE "account" a SET "gone" = 'replaced' FROM "staged_row" s
  WHERE s."run_id" = ${run} AND s."kind" = 'replaced' AND a."id" = (s."body"->>'account')::bigint`;

const replacedBy = (run: ImportId): Prisma.Sql => Prisma.sql`ARRAY(
  SELECT (s."body"->>'account')::bigint FROM "staged_row" s WHERE s."run_id" = ${run} AND s."kind" = 'replaced')`;

/** An address that a stranger wrote from belongs to whoever the file says it does. */
const forgetStrangers = async (tx: Tx, run: ImportId): Promise<void> => {
  const guests = await tx.$queryRaw<{ id: bigint }[]>`
    SELECT g."person_id" AS "id" FROM "staged_row" s
    CROSS JOIN LATERAL jsonb_to_record(s."body") AS r("platform" text, "address_index" bytea)
    JOIN "account" a ON a."platform" = r."platform" AND a."address_index" = r."address_index"
    JOIN "guest" g ON g."person_id" = a."person_id"
    WHERE s."run_id" = ${run} AND s."kind" = 'account'`;
  await forgetGuests(
    tx,
    guests.map(({ id }) => id),
  );
};

/** What people were told who an import enrolled goes out at this pace, a message each so often: notices go before it. */
const WELCOME_EVERY_MS = 100;

/** Whoever came with a platform's own id is enrolled at once, and told so once. */
const welcome = async (tx: Tx, run: ImportId, { now, platforms }: AccountsHow): Promise<void> => {
  const root = await tx.unit.findFirst({ where: { parentId: null }, select: { name: true } });
  const words = phrase("enrol.welcome", { issuer: root?.name ?? "", privacy: phrase("enrol.privacy") });
  await tx.$executeRaw`
    INSERT INTO "delivery" ("person_id", "kind", "slot", "account_id", "platform", "lane", "at", "phrase")
    SELECT a."person_id", 'reply', 'welcome', a."id", a."platform", ${LANES.indexOf("bulk")}::smallint,
           ${now}::timestamptz + (row_number() OVER (ORDER BY a."id") - 1) * ${WELCOME_EVERY_MS}::int * interval '1 millisecond',
           ${JSON.stringify(words)}::jsonb
    FROM "staged_row" s
    CROSS JOIN LATERAL jsonb_to_record(s."body") AS r("platform" text, "address_index" bytea)
    JOIN "account" a ON a."platform" = r."platform" AND a."address_index" = r."address_index" AND a."gone" IS NULL
    WHERE s."run_id" = ${run} AND s."kind" = 'account' AND r."platform" = ANY (${[...platforms]}) AND r."platform" <> 'web'
    ON CONFLICT DO NOTHING`;
};

/** The accounts of an import, and what is on its way to those that were replaced. */
export const applyAccounts = async (tx: Tx, run: ImportId, how: AccountsHow): Promise<void> => {
  await forgetStrangers(tx, run);
  await add(tx, run);
  await replace(tx, run);
  await follow(tx, replacedBy(run), how.now);
  await welcome(tx, run, how);
};
