import type { Turn } from "../dialogue/form/turn.ts";
import { officeWords } from "../dialogue/forms/office-words.ts";
import { phrase } from "../dialogue/phrase.ts";
import type { EnrolmentFacts } from "../domain/enrolment.ts";
import type { Keys } from "../ports/keys.ts";
import type { EntryBytes } from "../ports/ledger.ts";
import type { Pressed } from "../ports/store/answer-store.ts";
import type { EnrolmentStore } from "../ports/store/enrolment-store.ts";
import type { Db } from "./client.ts";
import { askOn, beginDraft } from "./draft-rows.ts";
import { finish, once } from "./event-work.ts";
import { Prisma } from "./generated/client.ts";
import { type InvitationRow, invitationRow } from "./invitation-rows.ts";
import { type OfficeHolder, officeHolders } from "./office-holders.ts";
import { personCells } from "./person-cells.ts";
import { countTry, nextTry, tryKeyOf } from "./stranger-tries.ts";

type Tx = Prisma.TransactionClient;

/** No unit has it: what is asked about an unknown code is asked all the same. */
const NOWHERE = { unit: 0n, post: "worker", deputy: false };

const factsOf = (office: InvitationRow, holders: readonly OfficeHolder[], guest: boolean): EnrolmentFacts => {
  const free = holders.filter(({ enrolled }) => !enrolled);
  const [only] = free.length === 1 ? free : [];
  return {
    ...{ invitation: String(office.id), unit: office.name, issuer: office.issuer, post: office.post },
    deputy: office.deputy,
    candidate: guest && only ? { id: String(only.id), name: only.name } : null,
    known: !guest,
  };
};

interface Brought {
  readonly tx: Tx;
  readonly keys: Keys;
  readonly press: Pressed;
  readonly real: Date;
}

const ask = async (
  { tx, keys, press, real }: Brought,
  facts: EnrolmentFacts,
  turn: Extract<Turn<unknown>, { kind: "asking" }>,
): Promise<void> => {
  const cells = await personCells(tx, keys, press.sender);
  const id = await beginDraft(tx, cells, press, turn.draft, facts, real);
  await askOn(tx, press, { form: turn.draft.form, draft: String(id), question: turn.question, problem: null }, null);
};

const refuse = async ({ tx, keys, press, real }: Brought, answer: Awaited<ReturnType<typeof nextTry>>) => {
  if (answer !== "silence") await countTry(tx, "code", tryKeyOf(keys, press.sender.uid), real);
  if (answer === "silence") return null;
  return phrase(answer === "enough" ? "enrol.enough" : "enrol.bad-code");
};

export const bringCode =
  (db: Db, keys: Keys, entryBytes: EntryBytes): EnrolmentStore["bring"] =>
  async (press, codeHash, open, real) => {
    const done = await once(db, press, async (tx) => {
      const brought = { tx, keys, press, real };
      const hash = new Uint8Array(codeHash);
      const office = await invitationRow(tx, Prisma.sql`i."code_hash" = ${hash}::bytea`, real);
      const answer = await nextTry(tx, "code", tryKeyOf(keys, press.sender.uid), real, office?.live);
      const holders = await officeHolders(tx, keys, office ?? NOWHERE);
      const end = (reply: object | null) => finish(tx, press, entryBytes, { reply, ledger: [] });
      if (!office?.live || answer !== "answer") {
        await end(await refuse(brought, answer));
        return "refused" as const;
      }
      if (holders.some(({ id }) => id === press.sender.person)) {
        await end(phrase("enrol.holds-already", { unit: office.name, post: officeWords(office) }));
        return "holds-already" as const;
      }
      const facts = factsOf(office, holders, press.sender.guest);
      const turn = open(facts);
      if (turn.kind === "asking") await ask(brought, facts, turn);
      await end(null);
      return "asked" as const;
    });
    return done ?? "refused";
  };
