import type { EntryBytes } from "../ports/ledger.ts";
import type { HeldGroup, HeldStore } from "../ports/store/held-store.ts";
import type { Db } from "./client.ts";
import { Prisma } from "./generated/client.ts";

/** An answer settles a doubt, and with it the holding. */
const HELD = Prisma.sql`d."state" = 'in-doubt' AND d."held_at" IS NOT NULL`;
const LET_GO = Prisma.sql`"doubt_at" = NULL, "held_at" = NULL`;
const GIVEN_UP = Prisma.sql`"state" = 'refused', "why" = 'not-sent-after-restore', ${LET_GO}`;

const ofNotice = (number: string | null): Prisma.Sql =>
  number === null
    ? HELD
    : Prisma.sql`${HELD} AND d."notice_id" = (SELECT n."id" FROM "notice" n WHERE n."number" = ${number})`;

const ended = Prisma.sql`EXISTS (SELECT FROM "notice" n WHERE n."id" = d."notice_id" AND n."state" <> 'published')`;

/**
 * Whoever may have had it once is told so on the card. The web chat's messages came back with everything else: what is
 * unsent there, nobody has.
 */
const release = async (db: Db, number: string | null, now: Date) => {
  const dropped = await db.$executeRaw`
    UPDATE "delivery" d SET ${GIVEN_UP} WHERE ${ofNotice(number)} AND ${ended}`;
  const released = await db.$executeRaw`
    UPDATE "delivery" d SET "state" = 'pending', "at" = ${now}::timestamptz, "until" = NULL, ${LET_GO}, "attempts" = 0,
      "repeats" = d."repeats" + CASE WHEN d."platform" = 'web' THEN 0 ELSE 1 END
    WHERE ${ofNotice(number)}`;
  return { released, dropped };
};

const groups = (db: Db): Promise<HeldGroup[]> => db.$queryRaw<HeldGroup[]>`
  SELECT n."number", t."title", n."urgency", coalesce(n."state" = 'published', TRUE) AS "open",
         n."published_at" AS "publishedAt", held."messages"
  FROM (SELECT d."notice_id", min(d."lane") AS "lane", count(*)::int AS "messages" FROM "delivery" d
        WHERE ${HELD} GROUP BY d."notice_id") held
  LEFT JOIN "notice" n ON n."id" = held."notice_id"
  LEFT JOIN "notice_text" t ON t."notice_id" = n."id" AND t."locale" = n."locale"
  ORDER BY n."id" IS NULL, held."lane", n."id" DESC`;

/** Rungs that fell due between the backup and now were climbed before the loss: clocks go on with the next ones. */
const passRungs = (now: Date): Prisma.Sql => Prisma.sql`
  UPDATE "obligation" o SET
    "next_step" = coalesce((SELECT min(s."step") FROM "plan_step" s WHERE s."plan_id" = o."plan_id" AND s."at" > ${now}::timestamptz),
                           (SELECT max(s."step") + 1 FROM "plan_step" s WHERE s."plan_id" = o."plan_id")),
    "next_at" = (SELECT min(s."at") FROM "plan_step" s WHERE s."plan_id" = o."plan_id" AND s."at" > ${now}::timestamptz)
  WHERE o."state" = 'open' AND o."next_at" <= ${now}::timestamptz`;

export const heldStore = (db: Db, entryBytes: EntryBytes): HeldStore => ({
  hold: (now, event) =>
    db.$transaction(async (tx) => {
      const held = await tx.$executeRaw`
        UPDATE "delivery" SET "state" = 'in-doubt', "held_at" = ${now}::timestamptz,
          "doubt_at" = coalesce("doubt_at", ${now}::timestamptz), "begun_at" = NULL
        WHERE "state" IN ('pending', 'sending', 'in-doubt')`;
      // No process that had claimed something lives on.
      await tx.$executeRaw`UPDATE "delivery" SET "lease_id" = NULL, "lease_until" = NULL WHERE "lease_id" IS NOT NULL`;
      await tx.$executeRaw`UPDATE "inbound" SET "lease_until" = NULL WHERE "lease_until" IS NOT NULL`;
      await tx.$executeRaw(passRungs(now));
      await tx.ledgerInbox.create({ data: { body: Buffer.from(entryBytes(event(held))) } });
      return held;
    }),
  count: () => db.delivery.count({ where: { state: "in-doubt", heldAt: { not: null } } }),
  groups: () => groups(db),
  release: (number, now) => release(db, number, now),
  drop: (number) => db.$executeRaw`UPDATE "delivery" d SET ${GIVEN_UP} WHERE ${ofNotice(number)}`,
});
