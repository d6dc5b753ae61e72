import type { InboundId } from "../domain/ids.ts";
import type { PlatformName } from "../domain/platform.ts";
import type { Incoming } from "../ports/chat-platform.ts";
import type { Keys } from "../ports/keys.ts";
import type { InboundStore, StoredIncoming } from "../ports/store/inbound-store.ts";
import type { Db } from "./client.ts";
import { Prisma } from "./generated/client.ts";
import { readJson, writeJson } from "./int64-json.ts";

const PURPOSE = "inbound";
/** What kills its worker this often is a poison; everything behind it from the same sender would wait for ever. */
const MOST_ATTEMPTS = 5;

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
  i."state" = 'pending' AND (i."lease_until" IS NULL OR i."lease_until" < ${real}::timestamptz)
  AND NOT EXISTS (
    SELECT FROM "inbound" e WHERE e."sender" = i."sender" AND e."state" = 'pending' AND e."id" < i."id")`;

/** Stores an event; null where it was stored before. */
export const putInbound = async (
  db: Db | Prisma.TransactionClient,
  keys: Keys,
  incoming: Incoming,
  now: Date,
): Promise<InboundId | null> => {
  const { platform, chat } = incoming.from;
  const [row] = await db.$queryRaw<{ id: bigint }[]>`
    INSERT INTO "inbound" ("platform", "event_id", "sender", "body", "received_at")
    VALUES (${platform}, ${incoming.id}, ${keys.index("address", `${platform} ${chat}`)}::bytea,
            ${keys.sealFor(PURPOSE, writeJson(incoming))}::bytea, ${now}::timestamptz)
    ON CONFLICT ("platform", "event_id") DO NOTHING RETURNING "id"`;
  return row ? (row.id as InboundId) : null;
};

const finish = async (db: Db, id: InboundId, state: "done" | "failed"): Promise<void> => {
  await db.$executeRaw`
    UPDATE "inbound" SET "state" = ${state}, "lease_until" = NULL, "body" = '' WHERE "id" = ${id} AND "state" = 'pending'`;
};

/** Everything people send. Bodies are closed under a key of the installation's, because nobody knows yet whose they are. */
export const inboundStore = (db: Db, keys: Keys): InboundStore => ({
  put: (incoming, { now }) => putInbound(db, keys, incoming, now),

  async claim(limit, until, { real }) {
    const rows = await db.$queryRaw<Row[]>`
      WITH due AS (
        SELECT i."id" FROM "inbound" i WHERE ${claimable(real)} ORDER BY i."id" LIMIT ${limit}
        FOR UPDATE OF i SKIP LOCKED)
      UPDATE "inbound" i SET "lease_until" = ${until}::timestamptz, "attempts" = i."attempts" + 1
      FROM due WHERE i."id" = due."id"
      RETURNING i."id", i."platform", i."body", i."received_at", i."attempts"`;
    const events: StoredIncoming[] = [];
    const inOrder = rows.toSorted((a, b) => (a.id < b.id ? -1 : 1));
    for (const { id, platform, body, received_at: receivedAt, attempts } of inOrder) {
      const incoming = attempts <= MOST_ATTEMPTS ? opened(keys, body) : null;
      if (incoming)
        events.push({ id: id as InboundId, platform: platform as PlatformName, incoming, receivedAt, attempts });
      else await finish(db, id as InboundId, "failed");
    }
    return events;
  },

  done: (id) => finish(db, id, "done"),
  fail: (id) => finish(db, id, "failed"),

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
