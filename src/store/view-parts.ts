import type { Phrase } from "../dialogue/phrase.ts";
import type { AnswerView, DutyView, NoticeView, PreviousView, TodoView } from "../dialogue/view.ts";
import type { DeliveryId, ObligationId } from "../domain/ids.ts";
import type { Locale } from "../domain/language.ts";
import { localeOf } from "../domain/language.ts";
import type { Ack, Closing, NoticeState, Urgency } from "../domain/notice.ts";
import type { ObligationState } from "../domain/obligation.ts";
import type { PostName } from "../domain/post.ts";
import type { Keys } from "../ports/keys.ts";
import type { DutyRow, MessageRow, NoticeRow, TodoRow } from "./view-rows.ts";

/** Who has been erased since has no name any more. */
const NAMELESS = "—";

const closingOf = (row: NoticeRow): Closing =>
  row.closing === "quorum"
    ? { kind: "quorum", needed: row.quorum ?? 1 }
    : { kind: row.closing as "everyone" | "each-unit" };

const answerOf = (keys: Keys, row: DutyRow): AnswerView | null => {
  if (row.by_id === null || !row.answered_at) return null;
  const nameCell = row.by_name;
  const other = () =>
    row.by_uid && row.by_wrapped && nameCell
      ? keys.person(row.by_uid, row.by_wrapped).open("person.name_cell", nameCell)
      : NAMELESS;
  return {
    by: row.by_id === row.person_id ? "me" : { name: other() },
    how: row.how as AnswerView["how"],
    at: row.answered_at,
    late: row.late ?? false,
  };
};

const dutyOf = (keys: Keys, row: DutyRow): DutyView => ({
  obligation: row.id as ObligationId,
  unitName: row.unit,
  post: row.post as PostName,
  deputy: row.deputy,
  state: row.state as ObligationState,
  generation: row.generation,
  dueAt: row.due_at,
  answer: answerOf(keys, row),
});

export const todoOf = (row: TodoRow): TodoView => ({
  delivery: row.delivery as DeliveryId,
  round: row.round,
  number: row.number,
  title: row.title,
  ack: row.ack as Ack,
  dueAt: row.due_at,
  units: row.units,
  fresh: row.fresh,
  batch: row.batch,
});

/** What its reader has to know of the version before; `changes` where it had words in the same language. */
export const previousOf = (
  row: NoticeRow,
  { answered_previous: answered }: MessageRow,
  changes: PreviousView["changes"],
): PreviousView => ({ number: row.number, ack: row.ack as Ack, dueAt: row.due_at, answered, changes });

/** What a notice shows beside the facts that are its own. */
interface Shown extends Pick<NoticeView, "previous" | "released"> {
  readonly content: NoticeView["text"]["content"];
  readonly duties: readonly DutyRow[];
  /** Whether the reader has a card of the version after. */
  readonly hasSuccessor: boolean;
}

/** Units with a calendar of their own have their own due time; what is done already is due no more. */
const earliest = (duties: readonly DutyRow[]): Date | null => {
  const open = duties.filter(({ state }) => state === "open");
  return (open.length > 0 ? open : duties).reduce<Date | null>(
    (first, { due_at: at }) => (at && (!first || at < first) ? at : first),
    null,
  );
};

/** The facts of a notice around its words. */
export const noticeOf = (
  keys: Keys,
  row: NoticeRow,
  { content, duties, released, hasSuccessor, previous }: Shown,
  fallback: Locale,
): NoticeView => ({
  number: row.number,
  urgency: row.urgency as Urgency,
  ack: row.ack as Ack,
  closing: closingOf(row),
  state: row.state as NoticeState,
  issuerName: row.issuer,
  dueAt: earliest(duties) ?? row.due_at,
  dueProvisional: row.due_provisional,
  seconds: row.seconds,
  text: { locale: localeOf(row.locale) ?? fallback, title: row.title, content },
  duties: duties.map((duty) => dutyOf(keys, duty)),
  recallReason: row.recall_reason,
  successor: row.successor === null ? null : { number: row.successor, mine: hasSuccessor },
  previous,
  released,
});

/** JSON keeps moments as text. */
const revive = (value: unknown): unknown => {
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value);
  return Object.fromEntries(
    entries.map(([key, inner]) => [
      key,
      key === "moment" && typeof inner === "string" ? new Date(inner) : revive(inner),
    ]),
  );
};

/** The words of a reply as they were written down. */
export const phraseOf = (json: unknown): Phrase | null => revive(json) as Phrase | null;
