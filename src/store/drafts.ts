import type { DraftId } from "../domain/ids.ts";
import type { Keys } from "../ports/keys.ts";
import type { EntryBytes } from "../ports/ledger.ts";
import type { Pressed } from "../ports/store/answer-store.ts";
import type { DraftStore, OpenDraft, TurnEffect, TurnHow } from "../ports/store/draft-store.ts";
import type { Db } from "./client.ts";
import { askOn, beginDraft, type DraftRow, endDraft, keepDraft, openDraft, redraw } from "./draft-rows.ts";
import { enrol } from "./enrol.ts";
import { finish, once } from "./event-work.ts";
import { Prisma } from "./generated/client.ts";
import { forgetOldGuests } from "./guests.ts";
import { personCells } from "./person-cells.ts";
import { speakTo } from "./spoken-language.ts";

type Tx = Prisma.TransactionClient;

const find = async (tx: Tx, { sender }: Pressed, which: DraftId | "latest", real: Date): Promise<DraftRow | null> => {
  const named = which === "latest" ? Prisma.empty : Prisma.sql`AND d."id" = ${which}`;
  const [row] = await tx.$queryRaw<DraftRow[]>`
    SELECT d."id", d."form", d."body", d."card_id", d."ended" FROM "draft" d
    WHERE d."person_id" = ${sender.person} AND NOT d."ended" AND d."expires_at" > ${real}::timestamptz ${named}
    ORDER BY d."touched_at" DESC, d."id" DESC LIMIT 1 FOR UPDATE`;
  return row ?? null;
};

interface Owner {
  readonly uid: string;
  readonly locale: string | null;
  readonly wrapped: Uint8Array;
}

interface Turning {
  readonly tx: Tx;
  readonly keys: Keys;
  readonly entryBytes: EntryBytes;
  readonly press: Pressed;
  readonly how: TurnHow;
  readonly draft: OpenDraft;
  readonly card: bigint | null;
}

type Asking = Extract<TurnEffect, { kind: "asking" }>;

const ask = async ({ tx, keys, press, how, draft, card }: Turning, effect: Asking): Promise<void> => {
  const cells = await personCells(tx, keys, press.sender);
  await keepDraft(tx, cells, draft.id, effect.draft.answers, draft.facts, how.real);
  if (effect.locale) await tx.person.update({ where: { id: press.sender.person }, data: { locale: effect.locale } });
  const { question, problem } = effect;
  await askOn(tx, press, { form: draft.form, draft: String(draft.id), question, problem }, card);
};

/** Writes what a turn comes to; returns what is said and told of it. */
const carryOut = async (turning: Turning, effect: TurnEffect): Promise<Parameters<typeof finish>[3]> => {
  const { tx, press, draft, card } = turning;
  if (effect.kind === "unheard") return { reply: null, ledger: [] };
  if (effect.kind === "asking") {
    await ask(turning, effect);
    return { reply: null, ledger: [] };
  }
  await endDraft(tx, draft.id, card);
  if (effect.kind === "over") return { reply: effect.reply, ledger: [] };
  if (effect.kind === "enrol") return enrol(turning, effect.answers);
  await speakTo(tx, press.sender.person, effect.locale);
  return { reply: effect.reply, ledger: [] };
};

/** A few at once: what is left over waits for the next round. */
const MOST_FORGOTTEN = 100;

export const draftStore = (db: Db, keys: Keys, entryBytes: EntryBytes): DraftStore => ({
  async begin(press, { name }, facts, first, real) {
    await once(db, press, async (tx) => {
      const cells = await personCells(tx, keys, press.sender);
      const id = await beginDraft(tx, cells, press, first.draft, facts, real);
      await askOn(tx, press, { form: name, draft: String(id), question: first.question, problem: null }, null);
      await finish(tx, press, entryBytes, { reply: null, ledger: [] });
    });
  },

  async turn(press, which, decide, how) {
    const done = await once(db, press, async (tx) => {
      const row = await find(tx, press, which, how.real);
      if (!row) return null;
      const draft = openDraft(await personCells(tx, keys, press.sender), row);
      const turning = { tx, keys, entryBytes, press, how, draft, card: row.card_id };
      await finish(tx, press, entryBytes, await carryOut(turning, decide(draft)));
      return true;
    });
    return done ?? false;
  },

  async read({ platform, chat }, draft, real) {
    const [row] = await db.$queryRaw<(DraftRow & Owner)[]>`
      SELECT d."id", d."form", d."body", d."card_id", d."ended", p."uid", p."locale", k."wrapped"
      FROM "account" a JOIN "person" p ON p."id" = a."person_id" JOIN "person_key" k ON k."person_id" = p."id"
      JOIN "draft" d ON d."person_id" = p."id"
      WHERE a."platform" = ${platform} AND a."address_index" = ANY (${[...keys.indexes("address", chat)]}::bytea[])
        AND d."id" = ${draft} AND NOT d."ended" AND d."expires_at" > ${real}::timestamptz`;
    return row ? { ...openDraft(keys.person(row.uid, row.wrapped), row), locale: row.locale } : null;
  },

  async forget(real) {
    return db.$transaction(async (tx) => {
      const over = await tx.$queryRaw<{ card: bigint | null; ended: boolean }[]>`
        DELETE FROM "draft" WHERE "id" IN (
          SELECT "id" FROM "draft" WHERE "expires_at" < ${real}::timestamptz
          ORDER BY "expires_at" LIMIT ${MOST_FORGOTTEN} FOR UPDATE SKIP LOCKED)
        RETURNING "card_id" AS "card", "ended"`;
      const cards = over.flatMap(({ card, ended }) => (ended || card === null ? [] : card));
      await redraw(tx, ...cards);
      await tx.$executeRaw`
        DELETE FROM "stranger_try" WHERE "at" < ${new Date(real.getTime() - 3_600_000)}::timestamptz`;
      return over.length + (await forgetOldGuests(tx, real, MOST_FORGOTTEN));
    });
  },
});
