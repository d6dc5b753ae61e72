import type { EnrolmentAnswers } from "../dialogue/forms/enrolment.ts";
import { type Phrase, phrase } from "../dialogue/phrase.ts";
import { type EnrolmentFacts, PRIVACY_VERSION, WAITING_MS, wordNeeded } from "../domain/enrolment.ts";
import { isPrivileged } from "../domain/post.ts";
import { visibleText } from "../domain/visible-text.ts";
import type { Keys } from "../ports/keys.ts";
import type { LedgerEvent } from "../ports/ledger.ts";
import type { Pressed } from "../ports/store/answer-store.ts";
import type { OpenDraft, TurnHow } from "../ports/store/draft-store.ts";
import { askApprovers } from "./approvers.ts";
import { Prisma } from "./generated/client.ts";
import { type InvitationRow, invitationRow } from "./invitation-rows.ts";
import { type OfficeHolder, officeHolders } from "./office-holders.ts";
import { personCells } from "./person-cells.ts";
import { importTurn } from "./publish-turn.ts";
import { takeOffice } from "./take-office.ts";

type Tx = Prisma.TransactionClient;

interface Enrolling {
  readonly tx: Tx;
  readonly keys: Keys;
  readonly press: Pressed;
  readonly how: TurnHow;
  readonly draft: OpenDraft;
}

interface Outcome {
  readonly reply: Phrase;
  readonly ledger: readonly LedgerEvent[];
}

const say = (reply: Phrase): Outcome => ({ reply, ledger: [] });

const sameName = (name: string) => {
  const wanted = visibleText(name).normalize("NFKC");
  return (other: OfficeHolder): boolean => visibleText(other.name).normalize("NFKC") === wanted;
};

/** Who on record they are: whom they were asked about, if it still can be them, or whoever bears the name that they wrote. */
const candidateOf = (
  holders: readonly OfficeHolder[],
  answers: EnrolmentAnswers,
  { candidate }: EnrolmentFacts,
): OfficeHolder | null => {
  if (answers.me === true) return holders.find(({ id, enrolled }) => String(id) === candidate?.id && !enrolled) ?? null;
  return answers.name === undefined ? null : (holders.find(sameName(answers.name)) ?? null);
};

/** Writes down a newcomer's name and what they agreed to. */
const introduce = async ({ tx, keys, press }: Enrolling, answers: EnrolmentAnswers): Promise<void> => {
  const { person } = press.sender;
  if (answers.name !== undefined) {
    const cells = await personCells(tx, keys, press.sender);
    const nameCell = new Uint8Array(cells.seal("person.name_cell", answers.name));
    await tx.person.update({ where: { id: person }, data: { nameCell, nameIndex: keys.index("name", answers.name) } });
  }
  const agreed = { personId: person, version: PRIVACY_VERSION };
  const given = { locale: answers.language ?? "zh-CN", at: press.now };
  await tx.consent.upsert({
    where: { personId_version: agreed },
    create: { ...agreed, ...given },
    update: given,
  });
};

const wait = async (
  { tx, press, how }: Enrolling,
  office: InvitationRow,
  candidate: OfficeHolder | null,
  needs: "above" | "self",
): Promise<Outcome> => {
  const { person, guest } = press.sender;
  await tx.enrolment.deleteMany({ where: { personId: person, state: "waiting" } });
  const { id } = await tx.enrolment.create({
    data: { invitationId: office.id, personId: person, candidateId: candidate?.id ?? null, needs, at: press.now },
  });
  const until = new Date(how.real.getTime() + WAITING_MS);
  if (guest) await tx.guest.update({ where: { personId: person }, data: { until } });
  await askApprovers(tx, { enrolment: id, needs, office, candidate: candidate?.id ?? null }, press.now, how.platforms);
  return say(phrase(`enrol.waiting.${needs}`));
};

/** What the finished form comes to. The code is looked at again: others may have used it up meanwhile. */
export const enrol = async (enrolling: Enrolling, answers: EnrolmentAnswers): Promise<Outcome> => {
  const { tx, keys, press, how } = enrolling;
  const facts = enrolling.draft.facts as EnrolmentFacts;
  if (answers.privacy === false) return say(phrase("enrol.declined"));
  await importTurn(tx);
  const office = await invitationRow(tx, Prisma.sql`i."id" = ${BigInt(facts.invitation)}`, how.real);
  if (!office?.live) return say(phrase("enrol.bad-code"));
  const candidate = candidateOf(await officeHolders(tx, keys, office), answers, facts);
  // Somebody else has enrolled as them since they were asked.
  if (answers.me === true && candidate === null) return say(phrase("enrol.bad-code"));
  await tx.invitation.update({ where: { id: office.id }, data: { used: { increment: 1 } } });
  const { guest, person, account } = press.sender;
  if (guest) await introduce(enrolling, answers);
  const privileged = isPrivileged(office, office.below);
  const needs = wordNeeded({ privileged, enrolled: candidate?.enrolled ?? false });
  if (needs) return wait(enrolling, office, candidate, needs);
  const newcomer = { person, account, guest, candidate: candidate?.id ?? null };
  return takeOffice({ ...how, tx, keys, now: press.now }, newcomer, office);
};
