import type { Answers } from "../dialogue/form/form.ts";
import { isSaved } from "../dialogue/form/question.ts";
import type { FormDraft } from "../dialogue/form/turn.ts";
import type { Phrase } from "../dialogue/phrase.ts";
import { DRAFT_MS } from "../domain/enrolment.ts";
import type { DraftId } from "../domain/ids.ts";
import type { PersonCells } from "../ports/keys.ts";
import type { Pressed } from "../ports/store/answer-store.ts";
import type { OpenDraft } from "../ports/store/draft-store.ts";
import { say } from "./event-work.ts";
import type { Prisma } from "./generated/client.ts";

type Tx = Prisma.TransactionClient;

export interface DraftRow {
  readonly id: bigint;
  readonly form: string;
  readonly body: Uint8Array;
  readonly card_id: bigint | null;
  readonly ended: boolean;
}

/** What a card that asks remembers: which question of which form. Its answers stand in the draft alone. */
export interface AskedPhrase {
  readonly form: string;
  readonly draft: string;
  readonly question: string;
  readonly problem: Phrase | null;
}

const answersOf = (value: unknown): Answers =>
  typeof value === "object" && value !== null
    ? Object.fromEntries(Object.entries(value).filter((entry): entry is [string, Answers[string]] => isSaved(entry[1])))
    : {};

/** A draft as it was written down, whatever release wrote it. */
export const openDraft = (cells: PersonCells, { id, form, body }: DraftRow): OpenDraft => {
  const { answers, facts } = JSON.parse(cells.open("draft.body", body)) as { answers: unknown; facts: unknown };
  return { id: id as DraftId, form, answers: answersOf(answers), facts };
};

const bodyOf = (cells: PersonCells, answers: Answers, facts: unknown): Uint8Array<ArrayBuffer> =>
  new Uint8Array(cells.seal("draft.body", JSON.stringify({ answers, facts })));

/** Begins a draft, in the place of an earlier one of the same form; the card of that one loses its buttons. */
export const beginDraft = async (
  tx: Tx,
  cells: PersonCells,
  { sender }: Pressed,
  { form, answers }: FormDraft,
  facts: unknown,
  real: Date,
): Promise<bigint> => {
  const personId = sender.person;
  const before = await tx.draft.findUnique({ where: { personId_form: { personId, form } } });
  if (before) {
    await tx.draft.delete({ where: { id: before.id } });
    if (before.cardId !== null) await redraw(tx, before.cardId);
  }
  const body = bodyOf(cells, answers, facts);
  const expiresAt = new Date(real.getTime() + DRAFT_MS);
  const { id } = await tx.draft.create({ data: { personId, form, body, touchedAt: real, expiresAt } });
  return id;
};

export const keepDraft = async (
  tx: Tx,
  cells: PersonCells,
  id: bigint,
  answers: Answers,
  facts: unknown,
  real: Date,
): Promise<void> => {
  const expiresAt = new Date(real.getTime() + DRAFT_MS);
  await tx.draft.update({ where: { id }, data: { body: bodyOf(cells, answers, facts), touchedAt: real, expiresAt } });
};

export const redraw = (tx: Tx, ...cards: readonly bigint[]) => tx.$executeRaw`
  UPDATE "delivery" SET "wanted_rev" = "wanted_rev" + 1
  WHERE "id" = ANY (${cards}::bigint[]) AND "state" NOT IN ('gone', 'refused', 'stopped')`;

/** Its last card keeps its words and loses its buttons. */
export const endDraft = async (tx: Tx, id: bigint, card: bigint | null): Promise<void> => {
  await tx.draft.update({ where: { id }, data: { ended: true } });
  if (card !== null) await redraw(tx, card);
};

/** Asks in a message below whatever the person did; the card before then loses its buttons. */
export const askOn = async (tx: Tx, press: Pressed, asked: AskedPhrase, before: bigint | null): Promise<void> => {
  const card = await say(tx, press, "form", asked);
  if (before !== null) await redraw(tx, before);
  await tx.draft.update({ where: { id: BigInt(asked.draft) }, data: { cardId: card } });
};
