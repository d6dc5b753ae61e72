import type { DeliveryView, NoticeView, PreviousView } from "../dialogue/view.ts";
import type { Block } from "../domain/content.ts";
import type { DeliveryKind } from "../domain/delivery.ts";
import type { DeliveryId, PersonId } from "../domain/ids.ts";
import type { Locale } from "../domain/language.ts";
import { localeOf } from "../domain/language.ts";
import type { Wording } from "../domain/wording.ts";
import type { Keys } from "../ports/keys.ts";
import type { DeliveryStore } from "../ports/store/delivery-store.ts";
import type { Db } from "./client.ts";
import { type Approvals, approvalOf, approvalsOf, draftsOf, formOf } from "./form-views.ts";
import { proxyPage } from "./proxy-views.ts";
import { belowOf, stuckOf } from "./stuck-views.ts";
import { comparing } from "./version-changes.ts";
import { noticeOf, phraseOf, previousOf, todoOf } from "./view-parts.ts";
import type { DutyRow, MessageRow, NoticeRow, TodoRow } from "./view-rows.ts";
import { dutyRows, messageRows, noticeRows, releasedRows, todoRows } from "./view-rows.ts";

export interface ViewOptions {
  /** Reads the words of a notice. */
  readonly parse: (markdown: string) => readonly Block[];
  /** Tells how two versions of them differ. */
  readonly wording: Wording;
  /** The language of whoever has chosen none. */
  readonly locale: Locale;
}

type Message = MessageRow & { readonly name: string; readonly readerLocale: Locale };
/** Messages that tell what is stuck. */
const STUCK: ReadonlySet<string> = new Set(["deputy", "above", "task"]);

/** What falls due within so long after a digest counts as due on its day. */
const DAY_MS = 14 * 3_600_000;

type Groups<Row> = ReadonlyMap<string, readonly Row[]>;

/** What the messages of one batch have in common, read at once. */
interface Batch {
  readonly versions: Groups<NoticeRow>;
  readonly duties: Groups<DutyRow>;
  readonly released: Groups<unknown>;
  readonly todo: Groups<TodoRow>;
  readonly drafts: Awaited<ReturnType<typeof draftsOf>>;
  readonly approvals: Approvals;
}

/** Parsed versions that are kept; there are never many notices on their way at once. */
const MOST_PARSED = 200;

/** Parses each version once. */
const parsing = (parse: ViewOptions["parse"]) => {
  const known = new Map<string, readonly Block[]>();
  return ({ hash, body }: NoticeRow): readonly Block[] => {
    const content = known.get(hash) ?? parse(body);
    if (known.size >= MOST_PARSED) known.clear();
    known.set(hash, content);
    return content;
  };
};

const grouped = <Row>(rows: readonly Row[], key: (row: Row) => string): Groups<Row> => {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const group = groups.get(key(row));
    if (group) group.push(row);
    else groups.set(key(row), [row]);
  }
  return groups;
};

/** The rows whose reader still has a name; a cell that does not open is lost to its own reader, not to the others. */
const readable = (keys: Keys, rows: readonly MessageRow[], locale: Locale): readonly Message[] =>
  rows.flatMap((row) => {
    try {
      const name = keys.person(row.uid, row.wrapped).open("person.name_cell", row.name_cell);
      return [{ ...row, name, readerLocale: localeOf(row.locale) ?? locale }];
    } catch {
      return [];
    }
  });

/** Whose duties under which notice. */
const byReader = ({
  notice_id,
  person_id,
}: {
  readonly notice_id: bigint | null;
  readonly person_id: bigint;
}): string => `${notice_id} ${person_id}`;

const readBatch = async (db: Db, messages: readonly Message[]): Promise<Batch> => {
  const notices = [...new Set(messages.flatMap((each) => [each.notice_id ?? [], each.previous_id ?? []].flat()))];
  const readers = messages
    .filter(({ kind }) => kind === "todo" || kind === "digest")
    .map(({ person_id, readerLocale }) => ({ person: person_id, locale: readerLocale }));
  return {
    versions: grouped(notices.length > 0 ? await noticeRows(db, notices) : [], ({ id }) => String(id)),
    duties: grouped(notices.length > 0 ? await dutyRows(db, messages) : [], byReader),
    released: grouped(notices.length > 0 ? await releasedRows(db, messages) : [], byReader),
    todo: grouped(readers.length > 0 ? await todoRows(db, readers) : [], ({ person_id }) => String(person_id)),
    drafts: await draftsOf(db, messages),
    approvals: await approvalsOf(db, messages),
  };
};

const proxyOf = async (db: Db, message: Message): Promise<DeliveryView["proxy"]> => {
  if (message.kind !== "proxy") return null;
  const from = (message.phrase as { readonly from?: unknown } | null)?.from;
  return proxyPage(db, message.person_id as PersonId, message.readerLocale, typeof from === "number" ? from : 0);
};

/** What a message of the clock shows beside what other messages do. */
const chasedOf = async (
  db: Db,
  keys: Keys,
  message: Message,
): Promise<Pick<DeliveryView, "stuck" | "below" | "dayEnds">> => {
  const digest = message.kind === "digest";
  return {
    stuck: STUCK.has(message.kind) ? await stuckOf(db, keys, message) : null,
    below: digest ? await belowOf(db, message.person_id) : 0,
    dayEnds: digest ? new Date(message.at.getTime() + DAY_MS) : null,
  };
};

const saidOf = (
  keys: Keys,
  message: Message,
  { drafts, approvals, todo }: Batch,
): Pick<DeliveryView, "phrase" | "form" | "approval" | "todo" | "bypass"> => ({
  phrase: message.kind === "reply" ? phraseOf(message.phrase) : null,
  form: formOf(keys, message, drafts),
  approval: approvalOf(keys, message, approvals),
  bypass: message.bypass as DeliveryView["bypass"],
  todo:
    message.kind === "todo" || message.kind === "digest" ? (todo.get(String(message.person_id)) ?? []).map(todoOf) : [],
});

/** What messages show, in a number of queries that does not grow with how many there are (lists to answer for others excepted). */
export const deliveryViews = (db: Db, keys: Keys, { parse, wording, locale }: ViewOptions): DeliveryStore["view"] => {
  const contentOf = parsing(parse);
  const compare = comparing(contentOf, wording);

  const previous = (message: Message, after: NoticeRow, { versions }: Batch): PreviousView | null => {
    const all = versions.get(String(message.previous_id)) ?? [];
    const before = all.find((one) => one.locale === after.locale);
    const [any] = all;
    return any ? previousOf(any, message, before ? compare(before, after) : null) : null;
  };

  const notice = (message: Message, batch: Batch): NoticeView | null => {
    const { versions, duties, released } = batch;
    const all = versions.get(String(message.notice_id)) ?? [];
    const version =
      all.find((one) => one.locale === message.readerLocale) ?? all.find((one) => one.locale === one.first);
    const reader = byReader(message);
    if (!version) return null;
    const shown = {
      content: contentOf(version),
      duties: duties.get(reader) ?? [],
      released: released.has(reader),
      hasSuccessor: message.has_successor,
      previous: previous(message, version, batch),
    };
    return noticeOf(keys, version, shown, locale);
  };

  const view = async (message: Message, batch: Batch): Promise<DeliveryView> => ({
    id: message.id as DeliveryId,
    kind: message.kind as DeliveryKind,
    ...{ round: message.round, page: message.page },
    repeat: message.repeats > 0,
    sentAt: message.sent_at,
    reader: { name: message.name, locale: message.readerLocale },
    notice: notice(message, batch),
    ...saidOf(keys, message, batch),
    proxy: await proxyOf(db, message),
    ...(await chasedOf(db, keys, message)),
  });

  return async (ids) => {
    const messages = readable(keys, await messageRows(db, ids), locale);
    const batch = await readBatch(db, messages);
    return Promise.all(messages.map((message) => view(message, batch)));
  };
};
