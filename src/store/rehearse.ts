import type { ChaseStore, Rehearsal, Rehearsed } from "../ports/store/chase-store.ts";
import type { Publication } from "../ports/store/notice-store.ts";
import { decideSome } from "./chase-decide.ts";
import { foldClosed, markTold, writeDigests } from "./chase-digest.ts";
import { AFTER_MS, callUnreached } from "./chase-unreached.ts";
import type { Db } from "./client.ts";
import type { Prisma } from "./generated/client.ts";
import { LONGEST_MS, unpublished, writePublication } from "./notices.ts";
import { RolledBack } from "./rolled-back.ts";

type Tx = Prisma.TransactionClient;

const MOST = 100_000;
/** Beyond this nobody reads, and nothing new happens. */
const MOST_TURNS = 400;

/** Everything that may go now is sent, and told together by what it is. */
const send = async (tx: Tx, now: Date, after: bigint): Promise<readonly Rehearsed[]> => {
  await tx.$executeRaw`
    UPDATE "delivery" SET "state" = 'sent', "sent_at" = ${now}::timestamptz, "ref" = 'rehearsed'
    WHERE "id" > ${after} AND "state" = 'pending' AND "at" <= ${now}::timestamptz AND ("until" IS NULL OR "until" >= ${now}::timestamptz)`;
  const rows = await tx.$queryRaw<Omit<Rehearsed, "at">[]>`
    SELECT "kind", "bypass", count(DISTINCT "person_id")::int AS "people", count(DISTINCT "unit_id")::int AS "units",
           coalesce(("phrase"->>'level')::int, 0) AS "level"
    FROM "delivery" WHERE "id" > ${after} AND "ref" = 'rehearsed' AND "sent_at" = ${now}::timestamptz
    GROUP BY "kind", "bypass", coalesce(("phrase"->>'level')::int, 0) ORDER BY min("id")`;
  return rows.map((row) => ({ at: now, ...row }));
};

/** The next rung of the notice; null when none is to come. */
const nextRung = async (tx: Tx, notice: bigint): Promise<Date | null> => {
  const [row] = await tx.$queryRaw<[{ at: Date | null }]>`
    SELECT min("next_at") AS "at" FROM "obligation" WHERE "notice_id" = ${notice} AND "state" = 'open'`;
  return row.at;
};

const latestDelivery = async (tx: Tx): Promise<bigint> => {
  const [row] = await tx.$queryRaw<[{ id: bigint }]>`SELECT coalesce(max("id"), 0) AS "id" FROM "delivery"`;
  return row.id;
};

const earliest = (moments: readonly Date[]): Date => new Date(Math.min(...moments.map((at) => at.getTime())));

/** Lives through it, from one moment at which something happens to the next, until a digest has followed the last rung. */
const live = async (tx: Tx, publication: Publication, { look, nextTurn }: Rehearsal): Promise<readonly Rehearsed[]> => {
  const after = await latestDelivery(tx);
  const { notice } = await writePublication(tx, publication);
  const found: Rehearsed[] = [];
  let ended = false;
  let now = publication.at;
  for (let turn = 0; turn < MOST_TURNS; turn++) {
    const seen = look(now, notice);
    await foldClosed(tx, now, after);
    await callUnreached(tx, seen);
    await writeDigests(tx, seen);
    while ((await decideSome(tx, seen, MOST)).rungs === MOST);
    const sent = await send(tx, now, after);
    await markTold(tx);
    found.push(...sent);
    const rung = await nextRung(tx, notice);
    if (ended && sent.some(({ kind }) => kind === "digest")) break;
    ended = rung === null;
    const calls = new Date(publication.at.getTime() + AFTER_MS);
    now = earliest([nextTurn(now), ...(rung ? [rung] : []), ...(calls > now ? [calls] : [])]);
  }
  return found;
};

/** The real statements, rolled back: what would happen if nobody ever answered. */
export const rehearse = (
  db: Db,
  ...[publication, how]: Parameters<ChaseStore["rehearse"]>
): ReturnType<ChaseStore["rehearse"]> =>
  db
    .$transaction(
      async (tx): Promise<never> => {
        throw new RolledBack(await live(tx, publication, how));
      },
      { timeout: LONGEST_MS },
    )
    .catch((error) => {
      if (error instanceof RolledBack && error.result !== "nobody") return error.result as readonly Rehearsed[];
      return unpublished(error);
    });
