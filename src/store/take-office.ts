import { officeWords } from "../dialogue/forms/office-words.ts";
import { type Phrase, phrase } from "../dialogue/phrase.ts";
import { localeOf } from "../domain/language.ts";
import type { Incoming } from "../ports/chat-platform.ts";
import type { Keys } from "../ports/keys.ts";
import type { LedgerEvent } from "../ports/ledger.ts";
import type { TurnHow } from "../ports/store/draft-store.ts";
import { Prisma } from "./generated/client.ts";
import { mergeGuest } from "./guests.ts";
import { handOver } from "./hand-over.ts";
import { putInbound } from "./inbound.ts";
import { readJson } from "./int64-json.ts";
import type { InvitationRow } from "./invitation-rows.ts";
import { sendMissed } from "./reach.ts";
import { speakTo } from "./spoken-language.ts";

type Tx = Prisma.TransactionClient;

export interface Newcomer {
  readonly person: bigint;
  readonly account: bigint;
  readonly guest: boolean;
  /** Who on record they are; null for somebody new, or who was known before they brought the code. */
  readonly candidate: bigint | null;
}

interface Taking extends TurnHow {
  readonly tx: Tx;
  readonly keys: Keys;
  /** Service time. */
  readonly now: Date;
}

/** What a guest did before they were enrolled; the row goes with the guest. */
const takeKept = async ({ tx, keys }: Taking, person: bigint): Promise<Incoming | null> => {
  const guest = await tx.guest.findUnique({
    where: { personId: person },
    select: { kept: true, person: { select: { uid: true, key: true } } },
  });
  if (!guest?.kept || !guest.person.key) return null;
  const { uid, key } = guest.person;
  return readJson(keys.person(uid, key.wrapped).open("guest.kept", guest.kept)) as Incoming;
};

const settleIn = async (taking: Taking, newcomer: Newcomer): Promise<bigint> => {
  const { tx, keys, now } = taking;
  const { person: guest, candidate, account } = newcomer;
  if (!newcomer.guest) return guest;
  if (candidate === null) await tx.guest.delete({ where: { personId: guest } });
  else await mergeGuest(tx, keys, { guest, known: candidate, account, now });
  return candidate ?? guest;
};

/** The language in which they agreed, and to which version of the words. */
const agreedTo = (tx: Tx, person: bigint) =>
  tx.consent.findFirst({ where: { personId: person }, orderBy: { at: "desc" } });

/**
 * Somebody holds the office from now on: what is open for it is handed over as an import would, what could not reach them
 * goes out, and what they did before is done. Everybody who publishes or imports waits meanwhile (`importTurn`, before).
 */
export const takeOffice = async (
  taking: Taking,
  newcomer: Newcomer,
  office: InvitationRow,
): Promise<{ readonly reply: Phrase; readonly ledger: readonly LedgerEvent[] }> => {
  const { tx, keys, now, platforms, entries } = taking;
  const kept = newcomer.guest ? await takeKept(taking, newcomer.person) : null;
  const person = await settleIn(taking, newcomer);
  const { post, deputy } = office;
  await tx.post.createMany({
    data: [{ unitId: office.unit, personId: person, post, deputy }],
    skipDuplicates: true,
  });
  const { uid } = await tx.person.findUniqueOrThrow({ where: { id: person }, select: { uid: true } });
  const account = await tx.account.findUniqueOrThrow({ where: { id: newcomer.account } });
  const agreed = newcomer.guest ? await agreedTo(tx, person) : null;
  const locale = localeOf(agreed?.locale);
  if (locale) await speakTo(tx, person, locale);
  const { handedOver, excused } = await handOver(tx, Prisma.sql`${office.unit}::bigint`, { now, platforms });
  await sendMissed(tx, person, account.id, now);
  if (kept) await putInbound(tx, keys, { ...kept, id: `${kept.id} kept` }, now);
  const as = newcomer.candidate === null && newcomer.guest ? "new" : "known";
  const about = { uid, invitation: office.id, unit: office.code, office, platform: account.platform, as } as const;
  return {
    reply: phrase(kept ? "enrol.done.kept" : "enrol.done", { unit: office.name, post: officeWords(office) }),
    ledger: [
      entries.enrolled(now, { ...about, privacy: agreed?.version ?? null }),
      ...excused.map((one) => entries.excused(now, one)),
      ...handedOver.map((one) => entries.handedOver(now, one)),
    ],
  };
};
