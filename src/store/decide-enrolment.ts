import { officeWords } from "../dialogue/forms/office-words.ts";
import { type Phrase, phrase } from "../dialogue/phrase.ts";
import type { PostName } from "../domain/post.ts";
import { mayLetIn } from "../domain/rights.ts";
import type { Keys } from "../ports/keys.ts";
import type { LedgerEvent } from "../ports/ledger.ts";
import type { Pressed } from "../ports/store/answer-store.ts";
import type { TurnHow, Word } from "../ports/store/draft-store.ts";
import { sayTo } from "./event-work.ts";
import { Prisma } from "./generated/client.ts";
import { invitationRow } from "./invitation-rows.ts";
import { importTurn } from "./publish-turn.ts";
import { takeOffice } from "./take-office.ts";

type Tx = Prisma.TransactionClient;

const GUEST_LEFT_MS = 86_400_000;

export interface WaitingRow {
  readonly id: bigint;
  readonly invitation_id: bigint;
  readonly person_id: bigint;
  readonly candidate_id: bigint | null;
  readonly needs: string;
  readonly uid: string;
  readonly account: bigint;
  readonly guest: boolean;
}

export interface Deciding extends TurnHow {
  readonly tx: Tx;
  readonly keys: Keys;
  readonly now: Date;
}

/** An enrolment that still waits, held to the end of the transaction. */
export const waitingRow = async (tx: Tx, id: bigint): Promise<WaitingRow | null> => {
  const [row] = await tx.$queryRaw<WaitingRow[]>`
    SELECT e."id", e."invitation_id", e."person_id", e."candidate_id", e."needs", p."uid",
           EXISTS (SELECT FROM "guest" g WHERE g."person_id" = p."id") AS "guest",
           (SELECT a."id" FROM "account" a WHERE a."person_id" = p."id" AND a."gone" IS NULL ORDER BY a."id" LIMIT 1) AS "account"
    FROM "enrolment" e JOIN "person" p ON p."id" = e."person_id"
    WHERE e."id" = ${id} AND e."state" = 'waiting' FOR UPDATE OF e`;
  return row ?? null;
};

/** Whether the sender may say so: they are whom the other one claims to be, or they lead a unit above. */
export const maySay = async (tx: Tx, row: WaitingRow, { sender }: Pressed): Promise<boolean> => {
  if (row.needs === "self") return row.candidate_id === sender.person;
  const { unit } = await tx.invitation.findUniqueOrThrow({ where: { id: row.invitation_id }, include: { unit: true } });
  const posts = await tx.post.findMany({ where: { personId: sender.person }, include: { unit: true } });
  return mayLetIn(
    unit,
    posts.map(({ post, deputy, unit: { lft, rgt } }) => ({ post: post as PostName, deputy, lft, rgt })),
  );
};

const redrawCards = (tx: Tx, id: bigint) => tx.$executeRaw`
  UPDATE "delivery" SET "wanted_rev" = "wanted_rev" + 1
  WHERE "kind" = 'approval' AND "slot" = ${`enrolment-${id}`} AND "state" NOT IN ('gone', 'refused', 'stopped')`;

/** Carries a word out: tells whoever waits, and returns what the one who said it is told and the ledger with them. */
export const carryWord = async (
  deciding: Deciding,
  row: WaitingRow,
  word: Word,
  by: string | null,
): Promise<{ readonly reply: Phrase; readonly ledger: readonly LedgerEvent[] }> => {
  const { tx, now, real, entries } = deciding;
  await importTurn(tx);
  // Its expiry does not matter any more: the code was good when it was used.
  const office = await invitationRow(tx, Prisma.sql`i."id" = ${row.invitation_id}`, real);
  if (!office) throw new Error(`the enrolment ${row.id} has no invitation`);
  await tx.enrolment.update({ where: { id: row.id }, data: { state: word === "approve" ? "approved" : "refused" } });
  await redrawCards(tx, row.id);
  const about = { enrolment: row.id, unit: office.code, office, person: row.uid };
  const decided = entries.decided(now, { word, by, ...about });
  const slot = { account: row.account, slot: `enrolment-${row.id}`, now };
  const values = { unit: office.name, post: officeWords(office) };
  if (word === "refuse") {
    await sayTo(tx, slot, "reply", phrase("enrol.refused"));
    const until = new Date(real.getTime() + GUEST_LEFT_MS);
    await tx.guest.updateMany({ where: { personId: row.person_id }, data: { until, kept: null } });
    return { reply: phrase("approval.refused", values), ledger: [decided] };
  }
  const newcomer = { person: row.person_id, account: row.account, guest: row.guest, candidate: row.candidate_id };
  const taken = await takeOffice(deciding, newcomer, office);
  await sayTo(tx, slot, "reply", taken.reply);
  return { reply: phrase("approval.approved", values), ledger: [decided, ...taken.ledger] };
};
