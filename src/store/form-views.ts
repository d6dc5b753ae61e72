import { formNamed } from "../dialogue/forms/catalogue.ts";
import type { Phrase } from "../dialogue/phrase.ts";
import type { ApprovalView, DeliveryView } from "../dialogue/view.ts";
import type { DraftId, EnrolmentId } from "../domain/ids.ts";
import type { PlatformName } from "../domain/platform.ts";
import type { PostName } from "../domain/post.ts";
import type { Keys } from "../ports/keys.ts";
import type { Db } from "./client.ts";
import { type AskedPhrase, type DraftRow, openDraft } from "./draft-rows.ts";
import type { MessageRow } from "./view-rows.ts";

const ID = /^\d{1,18}$/;
const idOf = (text: string | undefined): bigint | null => (text && ID.test(text) ? BigInt(text) : null);

/** The drafts that these cards ask about, by their ids. */
export const draftsOf = async (db: Db, messages: readonly MessageRow[]): Promise<ReadonlyMap<string, DraftRow>> => {
  const ids = messages.flatMap(({ kind, phrase }) =>
    kind === "form" ? (idOf((phrase as AskedPhrase | null)?.draft) ?? []) : [],
  );
  if (ids.length === 0) return new Map();
  const rows = await db.$queryRaw<DraftRow[]>`
    SELECT "id", "form", "body", "card_id", "ended" FROM "draft" WHERE "id" = ANY (${ids}::bigint[])`;
  return new Map(rows.map((row) => [String(row.id), row]));
};

/** What a card of a form asks; null where nobody goes on with that form. */
export const formOf = (
  keys: Keys,
  { uid, wrapped, phrase, kind }: MessageRow,
  drafts: ReadonlyMap<string, DraftRow>,
): DeliveryView["form"] => {
  const asked = phrase as AskedPhrase | null;
  const row = kind === "form" && asked ? drafts.get(asked.draft) : undefined;
  const form = row && formNamed(row.form);
  if (!row || !form || !asked) return null;
  const { answers, facts } = openDraft(keys.person(uid, wrapped), row);
  const problem: Phrase | null = asked.problem;
  return { form, draft: row.id as DraftId, facts, answers, question: asked.question, problem, ended: row.ended };
};

interface ApprovalRow {
  id: bigint;
  state: string;
  candidate_id: bigint | null;
  needs: string;
  unit: string;
  post: string;
  deputy: boolean;
  uid: string | null;
  name_cell: Uint8Array | null;
  wrapped: Uint8Array | null;
  platform: string | null;
}

/** The enrolments that these cards ask about, by their ids: who, and which office. */
export const approvalsOf = async (
  db: Db,
  messages: readonly MessageRow[],
): Promise<ReadonlyMap<string, ApprovalRow>> => {
  const ids = messages.flatMap(({ kind, phrase }) =>
    kind === "approval" ? (idOf((phrase as { enrolment?: string } | null)?.enrolment) ?? []) : [],
  );
  if (ids.length === 0) return new Map();
  const rows = await db.$queryRaw<ApprovalRow[]>`
    SELECT e."id", e."state", e."candidate_id", e."needs", u."name" AS "unit", i."post", i."deputy",
           p."uid", p."name_cell", k."wrapped",
           (SELECT a."platform" FROM "account" a WHERE a."person_id" = e."person_id" ORDER BY a."id" LIMIT 1) AS "platform"
    FROM "enrolment" e JOIN "invitation" i ON i."id" = e."invitation_id" JOIN "unit" u ON u."id" = i."unit_id"
    LEFT JOIN "person" p ON p."id" = coalesce(e."candidate_id", e."person_id")
    LEFT JOIN "person_key" k ON k."person_id" = p."id"
    WHERE e."id" = ANY (${ids}::bigint[])`;
  return new Map(rows.map((row) => [String(row.id), row]));
};

export const approvalOf = (
  keys: Keys,
  { phrase, kind }: MessageRow,
  rows: ReadonlyMap<string, ApprovalRow>,
): ApprovalView | null => {
  const row = kind === "approval" ? rows.get((phrase as { enrolment?: string } | null)?.enrolment ?? "") : undefined;
  if (!row) return null;
  const { uid, wrapped, name_cell: cell } = row;
  return {
    enrolment: row.id as EnrolmentId,
    state: row.state as ApprovalView["state"],
    self: row.needs === "self",
    name: uid && wrapped && cell ? keys.person(uid, wrapped).open("person.name_cell", cell) : "—",
    unitName: row.unit,
    post: row.post as PostName,
    deputy: row.deputy,
    platform: row.platform as PlatformName | null,
  };
};

export type Approvals = Awaited<ReturnType<typeof approvalsOf>>;
