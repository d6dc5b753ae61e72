import type { EntryBytes } from "../ports/ledger.ts";
import type { ChaseStore, Disturbed } from "../ports/store/chase-store.ts";
import { auditClock, restartClocks } from "./chase-audit.ts";
import { decideSome } from "./chase-decide.ts";
import { foldClosed, markTold, writeDigests } from "./chase-digest.ts";
import { askStandIns } from "./chase-leave.ts";
import { callUnreached } from "./chase-unreached.ts";
import type { Db } from "./client.ts";
import type { Prisma } from "./generated/client.ts";
import { rehearse } from "./rehearse.ts";
import { retrying } from "./retrying.ts";

type Tx = Prisma.TransactionClient;

const LONG_MS = 120_000;

/** Any number that nobody else locks by. */
const KEY = 7_201_118;

/** One decides at a time, so that two do not each give the same person their last push of the day; the other looks again soon. */
const isOurTurn = async (tx: Tx): Promise<boolean> => {
  const [row] = await tx.$queryRaw<[{ ours: boolean }]>`SELECT pg_try_advisory_xact_lock(${KEY}::bigint) AS "ours"`;
  return row.ours;
};

/** Whom this transaction disturbs: what it has just written. */
const disturbed = (tx: Tx, now: Date) => tx.$queryRaw<Disturbed[]>`
  SELECT l."number" AS "notice", d."bypass" AS "reason", count(DISTINCT d."person_id")::int AS "people"
  FROM (SELECT DISTINCT "notice_id", "number", "step" FROM "late" WHERE "reason" IS NOT NULL) l
  JOIN "delivery" d ON d."notice_id" = l."notice_id" AND d."kind" IN ('reminder', 'deputy') AND d."slot" = l."step"::text
  WHERE d."bypass" IS NOT NULL AND d."at" = ${now}::timestamptz
  GROUP BY l."number", d."bypass" ORDER BY l."number"`;

export const chaseStore = (db: Db, entryBytes: EntryBytes): ChaseStore => {
  const within = <T>(work: (tx: Tx) => Promise<T>): Promise<T> =>
    retrying(() => db.$transaction(work, { timeout: LONG_MS }));
  const isDue = async (now: Date): Promise<boolean> => {
    const [row] = await db.$queryRaw<[{ due: boolean }]>`
      SELECT EXISTS (SELECT FROM "obligation" WHERE "state" = 'open' AND "next_at" <= ${now}::timestamptz) AS "due"`;
    return row.due;
  };
  return {
    // Most looks find nothing, and are to cost nothing.
    decide: async (look, most, entries) =>
      (await isDue(look.now))
        ? within(async (tx) => {
            if (!(await isOurTurn(tx))) return { rungs: 0, messages: 0 };
            const done = await decideSome(tx, look, most);
            if (done.rungs === 0) return done;
            for (const each of await disturbed(tx, look.now))
              await tx.ledgerInbox.create({ data: { body: entryBytes(entries(each)) } });
            return done;
          })
        : { rungs: 0, messages: 0 },
    fold: (now) => foldClosed(db, now),
    digest: (look) => within((tx) => writeDigests(tx, look)),
    told: () => markTold(db),
    callUnreached: (look) => within((tx) => callUnreached(tx, look)),
    async coming(now, until) {
      const rows = await db.$queryRaw<{ at: Date }[]>`
        WITH RECURSIVE next AS (
          (SELECT "next_at" AS "at", 1 AS "nth" FROM "obligation"
           WHERE "state" = 'open' AND "next_at" > ${now}::timestamptz AND "next_at" <= ${until}::timestamptz ORDER BY "next_at" LIMIT 1)
          UNION ALL
          SELECT (SELECT o."next_at" FROM "obligation" o
                  WHERE o."state" = 'open' AND o."next_at" > next."at" AND o."next_at" <= ${until}::timestamptz ORDER BY o."next_at" LIMIT 1),
                 next."nth" + 1
          FROM next WHERE next."at" IS NOT NULL AND next."nth" < 100)
        SELECT "at" FROM next WHERE "at" IS NOT NULL`;
      return rows.map(({ at }) => at);
    },
    rehearse: (...what) => rehearse(db, ...what),
    standIn: (look) => within((tx) => askStandIns(tx, look)),
    restart: (now) => within((tx) => restartClocks(tx, now)),
    audit: (now) => auditClock(db, now),
  };
};
