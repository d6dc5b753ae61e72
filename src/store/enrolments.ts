import { randomBytes } from "node:crypto";
import { phrase } from "../dialogue/phrase.ts";
import type { EnrolmentId } from "../domain/ids.ts";
import type { Locale } from "../domain/language.ts";
import { type PostName, postText } from "../domain/post.ts";
import type { Keys } from "../ports/keys.ts";
import type { EntryBytes } from "../ports/ledger.ts";
import type { EnrolmentStore, WaitingEnrolment } from "../ports/store/enrolment-store.ts";
import { bringCode } from "./bring-code.ts";
import type { Db } from "./client.ts";
import { carryWord, maySay, waitingRow } from "./decide-enrolment.ts";
import { finish, once, tellLedger } from "./event-work.ts";
import { Prisma } from "./generated/client.ts";
import { makeGuest } from "./guests.ts";
import { invitationRow } from "./invitation-rows.ts";
import { keepForGuest } from "./keep-for-guest.ts";
import { retrying } from "./retrying.ts";
import { countTry, nextTry, tryKeyOf } from "./stranger-tries.ts";

const deciding = (db: Db, keys: Keys, entryBytes: EntryBytes): Pick<EnrolmentStore, "decide" | "decideByCommand"> => ({
  async decide(press, enrolment, word, how) {
    await once(db, press, async (tx) => {
      const row = await waitingRow(tx, enrolment);
      const may = row !== null && (await maySay(tx, row, press));
      // The card itself shows what came of it: no second message.
      const ledger =
        row && may ? (await carryWord({ ...how, tx, keys, now: press.now }, row, word, press.sender.uid)).ledger : [];
      const reply = may ? null : phrase(row ? "approval.no-right" : "approval.gone");
      await finish(tx, press, entryBytes, { reply, ledger });
    });
  },

  decideByCommand: (enrolment, word, { now, ...how }) =>
    retrying(() =>
      db.$transaction(async (tx) => {
        const row = await waitingRow(tx, enrolment);
        if (!row) return false;
        const { ledger } = await carryWord({ ...how, tx, keys, now }, row, word, null);
        await tellLedger(tx, entryBytes, ledger);
        return true;
      }),
    ),
});

const waiting = async (db: Db, keys: Keys): Promise<readonly WaitingEnrolment[]> => {
  const rows = await db.enrolment.findMany({
    where: { state: "waiting", personId: { not: null } },
    include: {
      person: { include: { key: true } },
      candidate: { include: { key: true } },
      invitation: { include: { unit: true } },
    },
    orderBy: { id: "asc" },
  });
  return rows.flatMap(({ id, person, candidate, invitation, needs, at }) => {
    const who = candidate ?? person;
    if (!who?.key) return [];
    const { unit, post, deputy } = invitation;
    return {
      id: id as EnrolmentId,
      name: keys.person(who.uid, who.key.wrapped).open("person.name_cell", who.nameCell),
      unit: unit.code,
      unitName: unit.name,
      post: postText({ post: post as PostName, deputy }),
      needs: needs as "above" | "self",
      at,
    };
  });
};

/** A web chat for somebody of whom nothing is known yet, and the session that opens it. */
const openChat = async (
  tx: Prisma.TransactionClient,
  keys: Keys,
  locale: Locale | null,
  { idHash, expiresAt }: Parameters<EnrolmentStore["admit"]>[2],
  real: Date,
) => {
  const chat = randomBytes(16).toString("base64url");
  const guest = await makeGuest(tx, keys, { platform: "web", chat }, locale, real);
  if (!guest) return "bad";
  const lasts = { lastUsedAt: real, expiresAt };
  await tx.webSession.create({ data: { idHash: new Uint8Array(idHash), accountId: guest.account, ...lasts } });
  return { chat };
};

const admitting =
  (db: Db, keys: Keys): EnrolmentStore["admit"] =>
  (codeHash, { tryKey, locale }, { idHash, expiresAt }, real) =>
    db.$transaction(async (tx) => {
      const key = tryKeyOf(keys, tryKey);
      const hash = new Uint8Array(codeHash);
      const office = await invitationRow(tx, Prisma.sql`i."code_hash" = ${hash}::bytea`, real);
      const answer = await nextTry(tx, "code", key, real, office?.live);
      if (answer === "answer" && office?.live) return openChat(tx, keys, locale, { idHash, expiresAt }, real);
      if (answer !== "silence") await countTry(tx, "code", key, real);
      return answer === "answer" ? "bad" : "enough";
    });

export const enrolmentStore = (db: Db, keys: Keys, entryBytes: EntryBytes): EnrolmentStore => ({
  meet: (address, locale, real) => db.$transaction((tx) => makeGuest(tx, keys, address, locale, real)),

  bring: bringCode(db, keys, entryBytes),

  keep: keepForGuest(db, keys, entryBytes),

  ...deciding(db, keys, entryBytes),

  waiting: () => waiting(db, keys),
  admit: admitting(db, keys),
});
