import type { Action } from "../dialogue/action.ts";
import { LANES } from "../domain/delivery.ts";
import type { EntryBytes, LedgerEvent } from "../ports/ledger.ts";
import type { Pressed } from "../ports/store/answer-store.ts";
import { jsonOf, stopWaiting } from "./awaited.ts";
import type { Db } from "./client.ts";
import type { Prisma } from "./generated/client.ts";
import { regainReach } from "./reach.ts";
import { retrying } from "./retrying.ts";

type Tx = Prisma.TransactionClient;

interface Spoken {
  readonly account: bigint;
  /** What it is the same message by: one a person, kind and slot, however often it is said. */
  readonly slot: string;
  readonly now: Date;
}

/** A message to an account, in the lane that never waits behind a broadcast. Returns its id; null where it was said already. */
export const sayTo = async (
  tx: Tx,
  { account, slot, now }: Spoken,
  kind: string,
  phrase: object | null,
): Promise<bigint | null> => {
  const [row] = await tx.$queryRaw<{ id: bigint }[]>`
    INSERT INTO "delivery" ("person_id", "kind", "slot", "account_id", "platform", "lane", "at", "phrase")
    SELECT a."person_id", ${kind}, ${slot}, a."id", a."platform", ${LANES.indexOf("reply")}::smallint,
           ${now}::timestamptz, ${phrase ? JSON.stringify(phrase) : null}::jsonb
    FROM "account" a WHERE a."id" = ${account}
    ON CONFLICT DO NOTHING RETURNING "id"`;
  return row?.id ?? null;
};

/** A message to the sender. One a kind and event, however often the event is worked off. */
export const say = (tx: Tx, { inbound, sender, now }: Pressed, kind: string, phrase: object | null) =>
  sayTo(tx, { account: sender.account, slot: String(inbound), now }, kind, phrase);

/**
 * One transaction for an event that still waits, which nobody else can work off meanwhile; null, and nothing done, for
 * one that was worked off already.
 */
export const once = <Done>(
  db: Db,
  press: Pick<Pressed, "inbound" | "sender" | "now">,
  work: (tx: Tx) => Promise<Done | null>,
): Promise<Done | null> =>
  retrying(() =>
    db.$transaction(async (tx) => {
      const held = await tx.$queryRaw<unknown[]>`
        SELECT 1 FROM "inbound" WHERE "id" = ${press.inbound} AND "state" = 'pending' FOR UPDATE`;
      if (held.length === 0) return null;
      if (press.sender.unreached) await regainReach(tx, press);
      return work(tx);
    }),
  );

export const tellLedger = async (tx: Tx, entryBytes: EntryBytes, events: readonly LedgerEvent[]): Promise<void> => {
  for (const event of events) await tx.ledgerInbox.create({ data: { body: new Uint8Array(entryBytes(event)) } });
};

/** The event is done: with its reply and what the ledger is told. `asking` is the button that waits for the next sentence. */
export const finish = async (
  tx: Tx,
  press: Pressed,
  entryBytes: EntryBytes,
  effect: { readonly reply: object | null; readonly ledger: readonly LedgerEvent[] },
  asking: Action | null = null,
): Promise<void> => {
  if (press.words !== null || effect.reply) await stopWaiting(tx, press);
  if (effect.reply) await say(tx, press, "reply", asking ? { ...effect.reply, awaits: jsonOf(asking) } : effect.reply);
  await tellLedger(tx, entryBytes, effect.ledger);
  await tx.$executeRaw`
    UPDATE "inbound" SET "state" = 'done', "lease_until" = NULL, "body" = ''
    WHERE "id" = ANY (${[press.inbound, ...(press.rest ?? [])]}::bigint[])`;
};
