import type { Account } from "../domain/recount.ts";
import type { Bytes } from "../ports/ledger.ts";
import type { LedgerStore } from "../ports/store/ledger-store.ts";
import type { Db } from "./client.ts";
import { Prisma } from "./generated/client.ts";

/** A notice may have 100,000 obligations; so many are held at once. */
const NOTICES = 10;

interface Row {
  readonly id: bigint;
  readonly number: string;
  readonly obligations: number;
  readonly fulfilled: string | null;
  readonly cancelled: number;
  readonly ended: Account["ended"];
}

/** Leaves 12 digits and a comma for each id instead of a value for each. */
const accountOf = ({ number, obligations, fulfilled, cancelled, ended }: Row): Account => ({
  number,
  obligations,
  cancelled,
  ended,
  fulfilled: fulfilled ? fulfilled.split(",").map(BigInt) : [],
});

/** What the tables say about a few notices, and what the ledger was told, in one snapshot. */
export const ledgerAccounts =
  (db: Db): LedgerStore["accounts"] =>
  async (after, sealedFrom) => {
    const [rows, sealed, waiting] = await db.$transaction(
      [
        db.$queryRaw<Row[]>`
          SELECT n."id", n."number", nullif(nullif(n."state", 'published'), 'closed') AS "ended",
                 (count(o."id") FILTER (WHERE o."state" = 'cancelled'))::int AS "cancelled",
                 (count(o."id") FILTER (WHERE o."state" <> 'excused'))::int AS "obligations",
                 string_agg(o."id"::text, ',' ORDER BY o."id") FILTER (WHERE o."state" = 'fulfilled') AS "fulfilled"
          FROM (SELECT "id", "number", "state" FROM "notice" WHERE ${after}::bigint IS NULL OR "id" > ${after}::bigint
                ORDER BY "id" LIMIT ${NOTICES}) n
          LEFT JOIN "obligation" o ON o."notice_id" = n."id"
          GROUP BY n."id", n."number", n."state" ORDER BY n."id"`,
        db.ledgerEntry.findMany({
          where: { seq: { gte: sealedFrom } },
          select: { body: true },
          orderBy: { seq: "asc" },
        }),
        db.ledgerInbox.findMany({ select: { body: true }, orderBy: { id: "asc" } }),
      ],
      { isolationLevel: Prisma.TransactionIsolationLevel.RepeatableRead },
    );
    const since: Bytes[] = [...sealed, ...waiting].map(({ body }) => body);
    return { notices: rows.map(accountOf), next: rows.length === NOTICES ? (rows.at(-1)?.id ?? null) : null, since };
  };
