import { randomUUID } from "node:crypto";
import type { Address } from "../domain/address.ts";
import { GUEST_MS } from "../domain/enrolment.ts";
import type { AccountId, PersonId } from "../domain/ids.ts";
import type { Locale } from "../domain/language.ts";
import type { Keys, PersonCells } from "../ports/keys.ts";
import type { Sender } from "../ports/store/answer-store.ts";
import { follow } from "./follow-account.ts";
import { Prisma } from "./generated/client.ts";

type Tx = Prisma.TransactionClient;

/**
 * Takes down a person of whom nothing is known but an address: nameless, in no office, and with a key of their own, so that
 * everything that talks to people talks to them. Null where the address has an account already.
 */
export const makeGuest = async (
  tx: Tx,
  keys: Keys,
  { platform, chat }: Address,
  locale: Locale | null,
  real: Date,
): Promise<Sender | null> => {
  const uid = randomUUID();
  const { cells, wrapped } = keys.newPerson(uid);
  const taken = { platform, addressIndex: { in: [...keys.indexes("address", chat)] } };
  if (await tx.account.findFirst({ where: taken, select: { id: true } })) return null;
  const person = await tx.person.create({
    data: {
      uid,
      locale,
      nameCell: cells.seal("person.name_cell", "") as Uint8Array<ArrayBuffer>,
      nameIndex: keys.index("name", uid),
      key: { create: { wrapped } },
      guest: { create: { until: new Date(real.getTime() + GUEST_MS) } },
      accounts: {
        create: {
          platform,
          addressCell: cells.seal("account.address_cell", chat),
          addressIndex: keys.index("address", chat),
        },
      },
    },
    select: { id: true, accounts: { select: { id: true } } },
  });
  const [account] = person.accounts;
  if (!account) return null;
  const who = { person: person.id as PersonId, uid, account: account.id as AccountId };
  return { ...who, locale, guest: true, unreached: false };
};

/** Leaves nothing of these guests: nobody else knows of them. */
export const forgetGuests = async (tx: Tx, people: readonly bigint[]): Promise<void> => {
  if (people.length === 0) return;
  const personId = { in: [...people] };
  const accountId = { in: (await tx.account.findMany({ where: { personId } })).map(({ id }) => id) };
  await tx.delivery.deleteMany({ where: { personId } });
  await tx.chatMessage.deleteMany({ where: { accountId } });
  await tx.chatLog.deleteMany({ where: { accountId } });
  await tx.webSession.deleteMany({ where: { accountId } });
  await tx.account.deleteMany({ where: { personId } });
  await tx.person.deleteMany({ where: { id: personId, guest: { isNot: null } } });
};

/** Guests whose time is over, a few at once. Real time. */
export const forgetOldGuests = async (tx: Tx, real: Date, most: number): Promise<number> => {
  const old = await tx.$queryRaw<{ id: bigint }[]>`
    SELECT "person_id" AS "id" FROM "guest" WHERE "until" < ${real}::timestamptz
    ORDER BY "until" LIMIT ${most} FOR UPDATE SKIP LOCKED`;
  await forgetGuests(
    tx,
    old.map(({ id }) => id),
  );
  return old.length;
};

/** Closes everything that a guest's key has closed under the key of whom they turned out to be. */
const closeAnew = async (tx: Tx, keys: Keys, guest: bigint, known: bigint): Promise<void> => {
  const people = await tx.person.findMany({ where: { id: { in: [guest, known] } }, include: { key: true } });
  const cellsOf = (id: bigint) => {
    const person = people.find((each) => each.id === id);
    if (!person?.key) throw new Error("a person without a key cannot enrol");
    return keys.person(person.uid, person.key.wrapped);
  };
  const [from, to] = [cellsOf(guest), cellsOf(known)];
  await moveDrafts(tx, { from, to }, guest, known);
  const accounts = await tx.account.findMany({ where: { personId: guest }, include: { messages: true } });
  for (const { id, addressCell, messages } of accounts) {
    const cell = to.seal("account.address_cell", from.open("account.address_cell", addressCell));
    await tx.account.update({ where: { id }, data: { personId: known, addressCell: cell } });
    for (const message of messages) {
      const body = to.seal("chat_message.body", from.open("chat_message.body", message.body));
      await tx.chatMessage.update({ where: { id: message.id }, data: { body } });
    }
  }
};

/** The forms that they were in go along, where the other one is in none of the same. */
const moveDrafts = async (
  tx: Tx,
  { from, to }: { readonly from: PersonCells; readonly to: PersonCells },
  guest: bigint,
  known: bigint,
): Promise<void> => {
  const theirs = new Set((await tx.draft.findMany({ where: { personId: known } })).map(({ form }) => form));
  for (const { id, form, body } of await tx.draft.findMany({ where: { personId: guest } })) {
    if (theirs.has(form)) continue;
    const cell = new Uint8Array(to.seal("draft.body", from.open("draft.body", body)));
    await tx.draft.update({ where: { id }, data: { personId: known, body: cell } });
  }
};

/**
 * A guest turns out to be somebody on record: their address and messages become that person's, and take the place of an
 * address on the same platform.
 */
export const mergeGuest = async (
  tx: Tx,
  keys: Keys,
  { guest, known, account, now }: { guest: bigint; known: bigint; account: bigint; now: Date },
): Promise<void> => {
  await closeAnew(tx, keys, guest, known);
  await tx.$executeRaw`UPDATE "delivery" SET "person_id" = ${known} WHERE "person_id" = ${guest}`;
  await tx.$executeRaw`UPDATE "enrolment" SET "person_id" = ${known} WHERE "person_id" = ${guest}`;
  await tx.$executeRaw`
    INSERT INTO "consent" ("person_id", "version", "locale", "at")
    SELECT ${known}, "version", "locale", "at" FROM "consent" WHERE "person_id" = ${guest} ON CONFLICT DO NOTHING`;
  await tx.person.delete({ where: { id: guest } });
  const replaced = await tx.$queryRaw<{ id: bigint }[]>`
    UPDATE "account" o SET "gone" = 'replaced' FROM "account" a
    WHERE a."id" = ${account} AND o."person_id" = ${known} AND o."platform" = a."platform" AND o."id" <> a."id"
      AND (o."gone" IS NULL OR o."gone" <> 'replaced')
    RETURNING o."id"`;
  if (replaced.length > 0) await follow(tx, Prisma.sql`${replaced.map(({ id }) => id)}::bigint[]`, now);
};
