import { phrase } from "../dialogue/phrase.ts";
import type { Incoming } from "../ports/chat-platform.ts";
import type { Keys } from "../ports/keys.ts";
import type { EntryBytes } from "../ports/ledger.ts";
import type { Pressed } from "../ports/store/answer-store.ts";
import type { EnrolmentStore } from "../ports/store/enrolment-store.ts";
import type { Db } from "./client.ts";
import { type AskedPhrase, askOn } from "./draft-rows.ts";
import { finish, once } from "./event-work.ts";
import type { Prisma } from "./generated/client.ts";
import { writeJson } from "./int64-json.ts";
import { personCells } from "./person-cells.ts";
import { countTry, nextTry, tryKeyOf } from "./stranger-tries.ts";

type Tx = Prisma.TransactionClient;

interface Card {
  readonly id: bigint;
  readonly phrase: unknown;
}

/** The card that asks a guest now; null where nothing is asked. */
const askingCard = async (tx: Tx, { sender }: Pressed): Promise<Card | null> => {
  const [row] = await tx.$queryRaw<Card[]>`
    SELECT l."id", l."phrase" FROM "draft" d JOIN "delivery" l ON l."id" = d."card_id"
    WHERE d."person_id" = ${sender.person} AND NOT d."ended" ORDER BY d."touched_at" DESC LIMIT 1`;
  return row ?? null;
};

const wordsFor = async (tx: Tx, { sender }: Pressed, card: Card | null) => {
  const waiting = await tx.enrolment.count({ where: { personId: sender.person, state: "waiting" } });
  if (waiting > 0) return phrase("enrol.waiting.still");
  return phrase(card ? "enrol.kept" : "enrol.stranger");
};

const putAside = async (tx: Tx, keys: Keys, { sender }: Pressed, incoming: Incoming): Promise<void> => {
  const cells = await personCells(tx, keys, sender);
  const kept = new Uint8Array(cells.seal("guest.kept", writeJson(incoming)));
  await tx.guest.updateMany({ where: { personId: sender.person }, data: { kept } });
};

/** How this try may be answered, once it is counted. */
const counted = async (tx: Tx, keys: Keys, { sender }: Pressed, real: Date) => {
  const key = tryKeyOf(keys, sender.uid);
  const answer = await nextTry(tx, "hello", key, real);
  if (answer !== "silence") await countTry(tx, "hello", key, real);
  return answer;
};

/** What is said now, and the question that is asked again below it. */
const answerTo = async (tx: Tx, keys: Keys, press: Pressed, real: Date) => {
  const answer = await counted(tx, keys, press, real);
  if (answer !== "answer") return { words: answer === "enough" ? phrase("enrol.enough") : null, card: null };
  const card = await askingCard(tx, press);
  return { words: await wordsFor(tx, press, card), card };
};

/** Keeps what a guest did, and asks again for what would let it be done. */
export const keepForGuest =
  (db: Db, keys: Keys, entryBytes: EntryBytes): EnrolmentStore["keep"] =>
  async (press, incoming, real) => {
    await once(db, press, async (tx) => {
      if (incoming) await putAside(tx, keys, press, incoming);
      const { words, card } = await answerTo(tx, keys, press, real);
      await finish(tx, press, entryBytes, { reply: words, ledger: [] });
      if (card) await askOn(tx, press, card.phrase as AskedPhrase, card.id);
    });
  };
