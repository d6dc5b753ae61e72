import type { InboundId } from "../domain/ids.ts";
import type { PlatformName } from "../domain/platform.ts";
import type { Incoming } from "../ports/chat-platform.ts";
import type { Keys } from "../ports/keys.ts";
import type { ButClaim, InboundStore, ParkedEvent, StoredIncoming } from "../ports/store/inbound-store.ts";
import { isAway } from "./away.ts";
import type { Db } from "./client.ts";
import { gathered } from "./gathered.ts";
import { Prisma } from "./generated/client.ts";
import { readJson, writeJson } from "./int64-json.ts";
import { leaseOver } from "./lease-over.ts";
import { retrying } from "./retrying.ts";

const PURPOSE = "inbound";
/** What kills its worker this often is a poison; everything behind it from the same sender would wait for ever. */
const MOST_ATTEMPTS = 5;
/** From here on it is claimed alone, so that nobody is given up for having stood beside it. */
const SUSPECT_AFTER = 2;

interface Row {
  id: bigint;
  platform: string;
  body: Uint8Array;
  received_at: Date;
  attempts: number;
}

/** Null for what was closed under a key that is gone. */
const opened = (keys: Keys, body: Uint8Array): Incoming | null => {
  try {
    return readJson(keys.openFor(PURPOSE, body)) as Incoming;
  } catch {
    return null;
  }
};

/** Open, held by nobody, and the oldest open one of its sender. */
const claimable = (real: Date): Prisma.Sql => Prisma.sql`
  i."state" = 'pending' AND (i."lease_until" IS NULL OR ${leaseOver(Prisma.sql`i`, real)})
  AND NOT EXISTS (
    SELECT FROM "inbound" e WHERE e."sender" = i."sender" AND e."state" = 'pending' AND e."id" < i."id")`;

const park = async (db: Db, id: InboundId): Promise<void> => {
  await db.$executeRaw`
    UPDATE "inbound" SET "state" = 'failed', "lease_until" = NULL WHERE "id" = ${id} AND "state" = 'pending'`;
};

const claimRows = (db: Db, which: Prisma.Sql, limit: number, until: Date, real: Date) => db.$queryRaw<Row[]>`
  WITH due AS (
    SELECT i."id" FROM "inbound" i WHERE ${claimable(real)} AND ${which} ORDER BY i."id" LIMIT ${limit}
    FOR UPDATE OF i SKIP LOCKED)
  UPDATE "inbound" i SET "lease_until" = ${until}::timestamptz, "attempts" = i."attempts" + 1
  FROM due WHERE i."id" = due."id"
  RETURNING i."id", i."platform", i."body", i."received_at", i."attempts"`;

const claimSome = async (
  db: Db,
  limit: number,
  until: Date,
  real: Date,
  { not = [], noSuspect = false }: ButClaim,
): Promise<readonly Row[]> => {
  const wanted = Prisma.sql`i."id" <> ALL (${[...not]}::bigint[])`;
  const rows = await claimRows(db, Prisma.sql`i."attempts" < ${SUSPECT_AFTER} AND ${wanted}`, limit, until, real);
  if (rows.length > 0 || noSuspect) return rows;
  return claimRows(db, Prisma.sql`i."attempts" >= ${SUSPECT_AFTER} AND ${wanted}`, 1, until, real);
};

interface Arrived {
  readonly incoming: Incoming;
  readonly now: Date;
}

/** Where the same event comes twice at once, the first of them is new. */
const insert = async (
  db: Db | Prisma.TransactionClient,
  keys: Keys,
  events: readonly Arrived[],
): Promise<readonly (InboundId | null)[]> => {
  const rows = events.map(({ incoming, now }) => {
    const { platform, chat } = incoming.from;
    const sender = keys.index("address", `${platform} ${chat}`);
    return { platform, event: incoming.id, sender, body: keys.sealFor(PURPOSE, writeJson(incoming)), now };
  });
  const stored = await db.$queryRaw<{ id: bigint; platform: string; event_id: string }[]>`
    INSERT INTO "inbound" ("platform", "event_id", "sender", "body", "received_at")
    SELECT r."platform", r."event", r."sender", r."body", r."now"
    FROM unnest(${rows.map(({ platform }) => platform)}::text[], ${rows.map(({ event }) => event)}::text[],
                ${rows.map(({ sender }) => sender)}::bytea[], ${rows.map(({ body }) => body)}::bytea[],
                ${rows.map(({ now }) => now)}::timestamptz[])
         WITH ORDINALITY AS r("platform", "event", "sender", "body", "now", "turn")
    ORDER BY r."turn"
    ON CONFLICT ("platform", "event_id") DO NOTHING RETURNING "id", "platform", "event_id"`;
  const ids = new Map(stored.map(({ id, platform, event_id: event }) => [`${platform} ${event}`, id as InboundId]));
  return rows.map(({ platform, event }) => {
    const id = ids.get(`${platform} ${event}`) ?? null;
    ids.delete(`${platform} ${event}`);
    return id;
  });
};

/** Stores an event within a transaction; null where it was stored before. */
export const putInbound = async (
  tx: Prisma.TransactionClient,
  keys: Keys,
  incoming: Incoming,
  now: Date,
): Promise<InboundId | null> => (await insert(tx, keys, [{ incoming, now }]))[0] ?? null;

const storing = (db: Db, keys: Keys): InboundStore["put"] => {
  const put = gathered((events: readonly Arrived[]) => retrying(() => insert(db, keys, events)));
  return (incoming, { now }) => put({ incoming, now });
};

/** An album has ten pieces at most (core.telegram.org/bots/api#sendmediagroup); other things may stand between them. */
const MOST_BEHIND = 20;

const albumOf =
  (db: Db, keys: Keys): InboundStore["album"] =>
  async (id, album) => {
    const rows = await db.$queryRaw<Pick<Row, "id" | "body">[]>`
      SELECT i."id", i."body" FROM "inbound" f JOIN "inbound" i ON i."sender" = f."sender" AND i."id" > f."id"
      WHERE f."id" = ${id} AND i."state" = 'pending' ORDER BY i."id" LIMIT ${MOST_BEHIND}`;
    return rows.flatMap((row) => {
      const what = opened(keys, row.body)?.what;
      return what?.kind === "media" && what.album === album ? { id: row.id as InboundId, media: what } : [];
    });
  };

/** What an operator sees and does when something could not be worked off. */
const parking = (db: Db): Pick<InboundStore, "parked" | "retry" | "drop"> => ({
  parked: () => db.$queryRaw<ParkedEvent[]>`
    SELECT "id", "platform", "received_at" AS "receivedAt", "attempts" FROM "inbound" WHERE "state" = 'failed' ORDER BY "id"`,
  retry: () => db.$executeRaw`UPDATE "inbound" SET "state" = 'pending', "attempts" = 0 WHERE "state" = 'failed'`,
  drop: () => db.$executeRaw`UPDATE "inbound" SET "state" = 'done', "body" = '' WHERE "state" = 'failed'`,
});

/** Everything people send. Bodies are closed under a key of the installation's, because nobody knows yet whose they are. */
export const inboundStore = (db: Db, keys: Keys): InboundStore => ({
  put: storing(db, keys),
  album: albumOf(db, keys),

  async claim(limit, until, { real }, but = {}) {
    const rows = await claimSome(db, limit, until, real, but);
    const events: StoredIncoming[] = [];
    const inOrder = rows.toSorted((a, b) => (a.id < b.id ? -1 : 1));
    for (const { id, platform, body, received_at: receivedAt, attempts } of inOrder) {
      const incoming = attempts <= MOST_ATTEMPTS ? opened(keys, body) : null;
      const suspect = attempts > SUSPECT_AFTER;
      if (incoming)
        events.push({
          id: id as InboundId,
          platform: platform as PlatformName,
          incoming,
          receivedAt,
          attempts,
          suspect,
        });
      else await park(db, id as InboundId);
    }
    return events;
  },

  async giveBack(id, until) {
    await db.$executeRaw`
      UPDATE "inbound" SET "attempts" = greatest(0, "attempts" - 1), "lease_until" = ${until}::timestamptz
      WHERE "id" = ${id} AND "state" = 'pending'`;
  },
  isAway,
  async done(id) {
    await db.$executeRaw`
      UPDATE "inbound" SET "state" = 'done', "lease_until" = NULL, "body" = '' WHERE "id" = ${id} AND "state" = 'pending'`;
  },
  fail: (id) => park(db, id),
  ...parking(db),

  async waiting(limit, { real }) {
    const rows = await db.$queryRaw<{ id: bigint }[]>`
      SELECT i."id" FROM "inbound" i WHERE ${claimable(real)} ORDER BY i."id" LIMIT ${limit}`;
    return rows.map(({ id }) => id as InboundId);
  },

  async isOpen(platform, eventId) {
    const found = await db.inbound.findUnique({
      where: { platform_eventId: { platform, eventId } },
      select: { state: true },
    });
    return found?.state === "pending";
  },
});
