import { randomBytes } from "node:crypto";
import type { Keys } from "../ports/keys.ts";
import type { AccessStore } from "../ports/store/access-store.ts";
import { chatReader } from "./chat-reader.ts";
import type { Db } from "./client.ts";

interface Owner {
  id: bigint;
  uid: string;
  wrapped: Uint8Array;
}

interface Opened {
  address: Uint8Array;
  uid: string;
  wrapped: Uint8Array;
}

/** A session's use is written down at most this often. */
const PROLONG_MS = 60 * 60_000;
const ADDRESS_BYTES = 16;

const owners = (db: Db, people: readonly bigint[]) => db.$queryRaw<Owner[]>`
  SELECT p."id", p."uid", k."wrapped" FROM "person" p JOIN "person_key" k ON k."person_id" = p."id"
  WHERE p."id" = ANY (${[...people]}::bigint[])`;

/** Holds these people to the end of the transaction, so that nobody gets two web accounts. */
const hold = (db: Db, people: readonly bigint[]) => db.$queryRaw`
  SELECT "id" FROM "person" WHERE "id" = ANY (${[...people]}::bigint[]) ORDER BY "id" FOR NO KEY UPDATE`;

const giveAccounts = (db: Db, keys: Keys, people: readonly Owner[]) => {
  const made = people.map(({ id, uid, wrapped }) => {
    const address = randomBytes(ADDRESS_BYTES).toString("base64url");
    const cell = keys.person(uid, wrapped).seal("account.address_cell", address);
    return { id, cell, index: keys.index("address", address) };
  });
  return db.$executeRaw`
    INSERT INTO "account" ("person_id", "platform", "address_cell", "address_index")
    SELECT n."person_id", 'web', n."cell", n."index"
    FROM unnest(${made.map((one) => one.id)}::bigint[], ${made.map((one) => one.cell)}::bytea[],
      ${made.map((one) => one.index)}::bytea[]) AS n ("person_id", "cell", "index")
    WHERE NOT EXISTS (SELECT FROM "account" a WHERE a."person_id" = n."person_id" AND a."platform" = 'web')`;
};

const addressOf = (keys: Keys, row: Opened | undefined): string | null =>
  row ? keys.person(row.uid, row.wrapped).open("account.address_cell", row.address) : null;

/** The update takes the link only once, however many try; what it does not take opens nothing. */
const redeem =
  (db: Db, keys: Keys): AccessStore["redeem"] =>
  async (tokenHash, { idHash, expiresAt }, real) => {
    const [row] = await db.$queryRaw<Opened[]>`
      WITH used AS (
        UPDATE "web_link" SET "used_at" = ${real}::timestamptz
        WHERE "token_hash" = ${tokenHash}::bytea AND "used_at" IS NULL AND "expires_at" > ${real}::timestamptz
        RETURNING "person_id"),
      opened AS (
        INSERT INTO "web_session" ("id_hash", "account_id", "last_used_at", "expires_at")
        SELECT ${idHash}::bytea, a."id", ${real}::timestamptz, ${expiresAt}::timestamptz
        FROM "account" a JOIN used ON a."person_id" = used."person_id"
        WHERE a."platform" = 'web' ORDER BY a."id" LIMIT 1
        RETURNING "account_id")
      SELECT a."address_cell" AS "address", p."uid", k."wrapped"
      FROM opened JOIN "account" a ON a."id" = opened."account_id"
      JOIN "person" p ON p."id" = a."person_id" JOIN "person_key" k ON k."person_id" = p."id"`;
    return addressOf(keys, row);
  };

const session =
  (db: Db, keys: Keys): AccessStore["session"] =>
  async (idHash, expiresAt, real) => {
    const [row] = await db.$queryRaw<(Opened & { last_used_at: Date })[]>`
      SELECT a."address_cell" AS "address", p."uid", k."wrapped", s."last_used_at"
      FROM "web_session" s JOIN "account" a ON a."id" = s."account_id"
      JOIN "person" p ON p."id" = a."person_id" JOIN "person_key" k ON k."person_id" = p."id"
      WHERE s."id_hash" = ${idHash}::bytea AND s."expires_at" > ${real}::timestamptz`;
    if (row && real.getTime() - row.last_used_at.getTime() >= PROLONG_MS) {
      const where = { idHash: new Uint8Array(idHash) };
      await db.webSession.updateMany({ where, data: { lastUsedAt: real, expiresAt } });
    }
    return addressOf(keys, row);
  };

/** Who may come in by the web. Links and sessions are known by their hashes alone. */
export const accessStore = (db: Db, keys: Keys): AccessStore => ({
  async addLinks(links, expiresAt) {
    const people = await owners(
      db,
      links.map((link) => link.person),
    );
    const known = new Set(people.map((person) => person.id));
    const data = links
      .filter((link) => known.has(link.person))
      .map((link) => ({ tokenHash: new Uint8Array(link.tokenHash), personId: link.person, expiresAt }));
    if (data.length === 0) return;
    await db.$transaction([hold(db, [...known]), giveAccounts(db, keys, people), db.webLink.createMany({ data })]);
  },

  async revoke(people) {
    const personId = { in: [...people] };
    const [links, sessions] = await db.$transaction([
      db.webLink.deleteMany({ where: { personId, usedAt: null } }),
      db.webSession.deleteMany({ where: { account: { personId } } }),
    ]);
    return links.count + sessions.count;
  },

  async peek(tokenHash, real) {
    const link = await db.webLink.findFirst({
      where: { tokenHash: new Uint8Array(tokenHash), usedAt: null, expiresAt: { gt: real } },
    });
    return link && chatReader(db, keys, link.personId);
  },

  redeem: redeem(db, keys),
  session: session(db, keys),

  async alive(idHashes, real) {
    const rows = await db.$queryRaw<{ hash: Uint8Array }[]>`
      SELECT "id_hash" AS "hash" FROM "web_session"
      WHERE "id_hash" = ANY (${[...idHashes]}::bytea[]) AND "expires_at" > ${real}::timestamptz`;
    const known = new Set(rows.map((row) => Buffer.from(row.hash).toString("hex")));
    return idHashes.map((hash) => known.has(Buffer.from(hash).toString("hex")));
  },

  async endSession(idHash) {
    await db.webSession.deleteMany({ where: { idHash: new Uint8Array(idHash) } });
  },
});
